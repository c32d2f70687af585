import type { Kysely } from 'kysely';

/** Sources that are switched on again are caught up; back-fills may be of one collection. */
export async function addSyncCatchUp(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('sync_override').addColumn('off_since', 'bigint').execute();
  await db.schema.alterTable('sync_request').addColumn('collection', 'varchar(255)').execute();
}
