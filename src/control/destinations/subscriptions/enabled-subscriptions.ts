import type { Kysely } from 'kysely';
import type { SubscriptionConfig } from '../../../core/subscription-config.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import { subscriptionsByDestination } from './browser-subscriptions.ts';

/** What data planes run, by destination, in order: the subscriptions that are on and take events, not rows of a model. */
export async function enabledSubscriptions(
  db: Kysely<ControlTables>,
): Promise<ReadonlyMap<string, readonly SubscriptionConfig[]>> {
  const enabled = new Map<string, readonly SubscriptionConfig[]>();
  for (const [destination, rows] of await subscriptionsByDestination(db)) {
    const own = rows
      .filter((row) => row.enabled === 1 && row.model_id === null)
      .map((row) => ({
        id: row.id,
        name: row.name,
        action: row.action_slug,
        trigger: row.trigger,
        mapping: JSON.parse(row.settings),
      }));
    if (own.length > 0) enabled.set(destination, own);
  }
  return enabled;
}
