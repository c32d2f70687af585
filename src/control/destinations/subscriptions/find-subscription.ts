import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../../core/errors.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import type { DestinationSubscriptionTable } from '../../../core/tables/destination-tables.ts';

export type SubscriptionRow = Selectable<DestinationSubscriptionTable>;

/** The row of a subscription of the destination. Rejects with `not_found`. */
export async function findSubscription(
  db: Kysely<ControlTables>,
  destinationId: string,
  id: string,
): Promise<SubscriptionRow> {
  const row = await db
    .selectFrom('destination_subscription')
    .selectAll()
    .where('destination_id', '=', destinationId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) {
    throw new TributaryError('not_found', `Subscription with id '${id}' not found.`);
  }
  return row;
}
