import type { Kysely } from 'kysely';
import { type DeviceDestination, isDeviceDestination } from '../../../core/device-mode.ts';
import { TributaryError } from '../../../core/errors.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { missingSettings } from '../../configuration/read-device-destinations.ts';
import type { DestinationRow } from '../../destinations/find-destination.ts';
import { browserSubscriptions } from '../../destinations/subscriptions/browser-subscriptions.ts';
import type { SubscriptionRow } from '../../destinations/subscriptions/find-subscription.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { FreeObject } from '../frame/schema.ts';

export const Subscription = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 255 }),
    enabled: Type.Boolean(),
    partnerAction: Type.String({ minLength: 1, maxLength: 255 }),
    subscribe: Type.String({ minLength: 1, maxLength: 5_000 }),
    mapping: FreeObject,
  },
  { additionalProperties: false },
);

export const DeviceMode = Type.Object({
  /** Below the address of this server, in the order in which a page would load them itself. */
  scripts: Type.Array(Type.Object({ path: Type.String(), integrity: Type.String() })),
  /** Required settings without a value: until they have one, analytics.js is not told of the destination. */
  missingSettings: Type.Array(Type.String()),
  subscriptions: Type.Array(Subscription),
});

/** The kind of a destination, if it runs in the browser. Throws `not_found`. */
export function deviceKind(catalog: Catalog, row: DestinationRow): DeviceDestination {
  const kind = catalog.destination(row.metadata_id);
  if (kind === undefined || !isDeviceDestination(kind)) {
    throw new TributaryError('not_found', `Destination '${row.id}' does not run in the browser.`);
  }
  return kind;
}

export function presentDeviceMode(
  catalog: Catalog,
  row: DestinationRow,
  subscriptions: readonly SubscriptionRow[],
): Static<typeof DeviceMode> {
  const kind = deviceKind(catalog, row);
  const settings = catalog.withDefaults(kind, JSON.parse(row.settings));
  return {
    scripts: [...kind.chunks, kind.bundle].map(({ path, integrity }) => ({
      path: `/next-integrations/actions/${path}`,
      integrity,
    })),
    missingSettings: missingSettings(kind, settings),
    subscriptions: [...browserSubscriptions(row, kind, subscriptions)],
  };
}

/** The rows of the subscriptions of one destination, in order. */
export function subscriptionRows(
  db: Kysely<ControlTables>,
  destinationId: string,
): Promise<SubscriptionRow[]> {
  return db
    .selectFrom('destination_subscription')
    .selectAll()
    .where('destination_id', '=', destinationId)
    .orderBy('position')
    .execute();
}
