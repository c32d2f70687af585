import type { Kysely } from 'kysely';

/** The tables of reverse ETL: what destinations have of each model, and the syncs that brought it there. */
export async function createReverseEtl(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('reverse_etl_row')
    .addColumn('subscription', 'varchar(64)', (column) => column.notNull())
    .addColumn('row_key', 'varchar(500)', (column) => column.notNull())
    .addColumn('hash', 'varchar(32)', (column) => column.notNull())
    .addPrimaryKeyConstraint('reverse_etl_row_pk', ['subscription', 'row_key'])
    .execute();
  await db.schema
    .createTable('reverse_etl_run')
    .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('subscription', 'varchar(64)', (column) => column.notNull())
    .addColumn('model', 'varchar(64)', (column) => column.notNull())
    .addColumn('status', 'varchar(32)', (column) => column.notNull())
    .addColumn('scheduled', 'integer', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('extracted_at', 'bigint')
    .addColumn('finished_at', 'bigint')
    .addColumn('added', 'bigint', (column) => column.notNull())
    .addColumn('updated', 'bigint', (column) => column.notNull())
    .addColumn('deleted', 'bigint', (column) => column.notNull())
    .addColumn('extracted', 'bigint', (column) => column.notNull())
    .addColumn('delivered', 'bigint', (column) => column.notNull())
    .addColumn('failed', 'bigint', (column) => column.notNull())
    .addColumn('error', 'text')
    .addColumn('error_code', 'varchar(64)')
    .execute();
  await db.schema
    .createIndex('reverse_etl_run_by_subscription')
    .on('reverse_etl_run')
    .columns(['subscription', 'started_at'])
    .execute();
}
