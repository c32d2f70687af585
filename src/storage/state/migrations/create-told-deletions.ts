import type { Kysely } from 'kysely';

/** How far destinations have been told of deletions. */
export async function createToldDeletions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('told_deletion')
    .addColumn('regulation_id', 'varchar(64)', (column) =>
      column.notNull().references('regulation.id').onDelete('cascade'),
    )
    .addColumn('destination_id', 'varchar(64)', (column) =>
      column.notNull().references('destination.id').onDelete('cascade'),
    )
    .addColumn('state', 'varchar(16)', (column) => column.notNull())
    .addColumn('told', 'integer', (column) => column.notNull())
    .addColumn('failures', 'integer', (column) => column.notNull())
    .addColumn('message', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('told_deletion_key', ['regulation_id', 'destination_id'])
    .execute();
}
