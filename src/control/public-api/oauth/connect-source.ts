import type { Kysely } from 'kysely';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import { findSource } from '../../sources/find-source.ts';

/** Lets an app write to a source; once more changes nothing. Rejects with `not_found`. */
export async function connectSource(
  db: Kysely<ControlTables>,
  appId: string,
  sourceId: string,
  position: number,
): Promise<void> {
  const source = await findSource(db, sourceId);
  await db
    .insertInto('oauth_app_source')
    .values({ app_id: appId, source_id: source.id, position })
    .onConflict((row) => row.columns(['app_id', 'source_id']).doNothing())
    .execute();
}
