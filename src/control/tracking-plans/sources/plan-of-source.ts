import type { Kysely } from 'kysely';
import type { ControlTables } from '../../../core/tables/control-tables.ts';

/** The id of the tracking plan of a source; undefined when it has none. */
export async function planOfSource(
  db: Kysely<ControlTables>,
  sourceId: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('tracking_plan_source')
    .select('tracking_plan_id')
    .where('source_id', '=', sourceId)
    .executeTakeFirst();
  return row?.tracking_plan_id;
}
