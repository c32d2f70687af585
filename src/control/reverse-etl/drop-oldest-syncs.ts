import type { Kysely } from 'kysely';
import { limits } from '../../core/limits.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';

/** Keeps the table bounded: of the syncs of a model those that ended go, oldest first. */
export async function dropOldestSyncs(db: Kysely<ControlTables>, modelId: string): Promise<void> {
  const oldestKept = await db
    .selectFrom('reverse_etl_sync')
    .select('position')
    .where('model_id', '=', modelId)
    .orderBy('position', 'desc')
    .offset(limits.syncsKept - 1)
    .limit(1)
    .executeTakeFirst();
  if (oldestKept === undefined) return;
  await db
    .deleteFrom('reverse_etl_sync')
    .where('model_id', '=', modelId)
    .where('finished_at', 'is not', null)
    .where('position', '<', oldestKept.position)
    .execute();
}
