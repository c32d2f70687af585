import type { Kysely } from 'kysely';
import type { ConnectedAudience } from '../../core/connected-audience.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { connectedAudiences } from '../audiences/destinations/connected-audiences.ts';
import { type EnabledFilters, enabledFilters } from '../destinations/filters/enabled-filters.ts';
import type { DestinationRow } from '../destinations/find-destination.ts';
import { subscriptionsByDestination } from '../destinations/subscriptions/browser-subscriptions.ts';
import type { SubscriptionRow } from '../destinations/subscriptions/find-subscription.ts';

/** The destinations as they are stored, those in the browser and the others, and what belongs to each by its id. */
export interface StoredDestinations {
  readonly rows: readonly DestinationRow[];
  readonly subscriptions: ReadonlyMap<string, readonly SubscriptionRow[]>;
  readonly filters: EnabledFilters;
  readonly audiences: ReadonlyMap<string, readonly ConnectedAudience[]>;
}

export async function readDestinations(db: Kysely<ControlTables>): Promise<StoredDestinations> {
  return {
    rows: await db.selectFrom('destination').selectAll().orderBy('position').execute(),
    subscriptions: await subscriptionsByDestination(db),
    filters: await enabledFilters(db),
    audiences: await connectedAudiences(db),
  };
}
