import type { Kysely } from 'kysely';

/** Filters of the events that go into a space. */
export async function createSpaceFilters(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('space_filter')
    .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('space_id', 'varchar(64)', (column) =>
      column.notNull().references('space.id').onDelete('cascade'),
    )
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addColumn('name', 'varchar(255)', (column) => column.notNull())
    .addColumn('description', 'text')
    .addColumn('enabled', 'integer', (column) => column.notNull())
    .addColumn('condition', 'text', (column) => column.notNull())
    .addColumn('drops', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('space_filter_by_space_id_position')
    .on('space_filter')
    .columns(['space_id', 'position'])
    .execute();
}
