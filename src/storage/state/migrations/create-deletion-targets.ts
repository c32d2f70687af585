import type { Kysely } from 'kysely';

/** The table of how far deletions at destinations and in warehouses are. */
export async function createDeletionTargets(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('deletion_target')
    .addColumn('regulation', 'varchar(64)', (column) => column.notNull())
    .addColumn('kind', 'varchar(16)', (column) => column.notNull())
    .addColumn('target', 'varchar(64)', (column) => column.notNull())
    .addColumn('source', 'varchar(64)', (column) => column.notNull())
    .addColumn('state', 'varchar(16)', (column) => column.notNull())
    .addColumn('done', 'bigint', (column) => column.notNull())
    .addColumn('failed', 'bigint', (column) => column.notNull())
    .addColumn('deleted_rows', 'bigint', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('failing_since', 'bigint', (column) => column.notNull())
    .addColumn('next_at', 'bigint', (column) => column.notNull())
    .addColumn('message', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('deletion_target_pk', ['regulation', 'kind', 'target', 'source'])
    .execute();
}
