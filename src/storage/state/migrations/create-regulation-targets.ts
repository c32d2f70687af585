import type { Kysely } from 'kysely';

/** The table of the destinations and warehouses that regulations concern. */
export async function createRegulationTargets(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('regulation')
    .addColumn('has_targets', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createTable('regulation_target')
    .addColumn('regulation_id', 'varchar(64)', (column) =>
      column.notNull().references('regulation.id').onDelete('cascade'),
    )
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('kind', 'varchar(16)', (column) => column.notNull())
    .addColumn('target_id', 'varchar(64)', (column) => column.notNull())
    .addColumn('source_id', 'varchar(64)', (column) => column.notNull())
    .addColumn('name', 'varchar(255)', (column) => column.notNull())
    .addColumn('obstacle', 'text')
    .addPrimaryKeyConstraint('regulation_target_pk', ['regulation_id', 'position'])
    .execute();
}
