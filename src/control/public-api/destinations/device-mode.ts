import Type, { type Static } from 'typebox';
import { type DeviceDestination, isDeviceDestination } from '../../../core/device-mode.ts';
import { TributaryError } from '../../../core/errors.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { missingSettings, subscriptionsOf } from '../../configuration/read-device-destinations.ts';
import type { DestinationRow } from '../../destinations/find-destination.ts';
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
): Static<typeof DeviceMode> {
  const kind = deviceKind(catalog, row);
  const settings = catalog.withDefaults(kind, JSON.parse(row.settings));
  return {
    scripts: [...kind.chunks, kind.bundle].map(({ path, integrity }) => ({
      path: `/next-integrations/actions/${path}`,
      integrity,
    })),
    missingSettings: missingSettings(kind, settings),
    subscriptions: [...subscriptionsOf(row, kind)],
  };
}
