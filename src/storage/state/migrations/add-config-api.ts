import type { Kysely } from 'kysely';

/** What only the Config API shows of a destination: how it was asked to run, and when it last changed. */
export async function addConfigApi(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('destination').addColumn('connection_mode', 'varchar(16)').execute();
  await db.schema.alterTable('destination').addColumn('updated_at', 'bigint').execute();
}
