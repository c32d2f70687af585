import type { Kysely } from 'kysely';
import type { DeviceDestination, DeviceSubscription } from '../../../core/device-mode.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import { deviceMetadata } from '../../catalog/device-metadata.ts';
import { takePositions } from '../../configuration/next-revision.ts';
import type { Environment } from '../../environment.ts';
import { newId } from '../../ids.ts';
import type { DestinationRow } from '../find-destination.ts';
import type { SubscriptionRow } from './find-subscription.ts';

/** A destination whose subscriptions are rows says so with this; before, they were a text of its own. */
const rowsOnly = '[]';

/** What a destination in the browser has, as analytics.js takes it, in order. */
export function browserSubscriptions(
  destination: Pick<DestinationRow, 'subscriptions'>,
  kind: DeviceDestination,
  rows: readonly SubscriptionRow[],
): readonly DeviceSubscription[] {
  const { subscriptions } = destination;
  if (subscriptions === null) return kind.presets;
  if (subscriptions !== rowsOnly) return JSON.parse(subscriptions);
  return rows.map((row) => ({
    name: row.name,
    enabled: row.enabled === 1,
    partnerAction: row.action_slug,
    subscribe: row.trigger,
    mapping: JSON.parse(row.settings),
  }));
}

/** The rows of subscriptions by destination, in order. */
export async function subscriptionsByDestination(
  db: Kysely<ControlTables>,
): Promise<ReadonlyMap<string, readonly SubscriptionRow[]>> {
  const rows = await db
    .selectFrom('destination_subscription')
    .selectAll()
    .orderBy('position')
    .execute();
  return Map.groupBy(rows, (row) => row.destination_id);
}

/** Puts these in place of the subscriptions of a destination in the browser. */
export async function replaceBrowserSubscriptions(
  db: Kysely<ControlTables>,
  { workspace, random, clock }: Pick<Environment, 'workspace' | 'random' | 'clock'>,
  destination: Pick<DestinationRow, 'id'>,
  kind: DeviceDestination,
  subscriptions: readonly DeviceSubscription[],
): Promise<void> {
  const { actions = [] } = deviceMetadata(kind);
  await db
    .deleteFrom('destination_subscription')
    .where('destination_id', '=', destination.id)
    .execute();
  const positions = await takePositions(db, workspace.id, subscriptions.length);
  for (const [index, given] of subscriptions.entries()) {
    await db
      .insertInto('destination_subscription')
      .values({
        id: newId(random),
        destination_id: destination.id,
        position: positions[index] ?? 0,
        name: given.name,
        action_id: actions.find(({ slug }) => slug === given.partnerAction)?.id ?? '',
        action_slug: given.partnerAction,
        enabled: given.enabled ? 1 : 0,
        trigger: given.subscribe,
        settings: JSON.stringify(given.mapping),
        model_id: null,
        schedule: null,
        created_at: clock.now(),
      })
      .execute();
  }
  await db
    .updateTable('destination')
    .set({ subscriptions: rowsOnly })
    .where('id', '=', destination.id)
    .execute();
}
