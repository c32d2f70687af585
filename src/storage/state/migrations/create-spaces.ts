import type { ColumnDefinitionBuilder, CreateTableBuilder, Kysely } from 'kysely';

const id = 'varchar(64)';
const required = (column: ColumnDefinitionBuilder) => column.notNull();
const primary = (column: ColumnDefinitionBuilder) => column.primaryKey();
const of = (reference: string) => (column: ColumnDefinitionBuilder) =>
  column.notNull().references(reference).onDelete('cascade');

/** What belongs to a space: audiences with their schedules, computed traits, and warehouses for its profiles. */
export async function createSpaces(db: Kysely<unknown>): Promise<void> {
  const computed = (table: string) =>
    dated(ofSpace(db, table))
      .addColumn('name', 'varchar(255)', required)
      .addColumn('key', 'varchar(255)', required)
      .addColumn('description', 'text')
      .addColumn('enabled', 'integer', required)
      .addColumn('type', 'varchar(16)', required)
      .addColumn('query', 'text', required)
      .addColumn('options', 'text', required)
      .addColumn('created_by', 'varchar(255)', required)
      .addColumn('updated_by', 'varchar(255)', required)
      .addUniqueConstraint(`${table}_key`, ['space_id', 'key']);
  await computed('audience').addColumn('target_entity', 'varchar(255)').execute();
  await computed('computed_trait').execute();
  await db.schema
    .createTable('audience_schedule')
    .addColumn('id', id, primary)
    .addColumn('audience_id', id, of('audience.id'))
    .addColumn('position', 'bigint', required)
    .addColumn('strategy', 'varchar(16)', required)
    .addColumn('config', 'text', required)
    .execute();
  await ofSpace(db, 'profiles_warehouse')
    .addColumn('metadata_id', id, required)
    .addColumn('name', 'varchar(255)')
    .addColumn('enabled', 'integer', required)
    .addColumn('settings', 'text', required)
    .addColumn('schema_name', 'varchar(255)')
    .addColumn('event_tables', 'integer', required)
    .addColumn('created_at', 'bigint', required)
    .execute();
  await db.schema
    .createTable('profiles_sync_override')
    .addColumn('warehouse_id', id, of('profiles_warehouse.id'))
    .addColumn('collection', 'varchar(255)', required)
    .addColumn('property', 'varchar(255)', required)
    .addColumn('enabled', 'integer', required)
    .addPrimaryKeyConstraint('profiles_sync_override_key', [
      'warehouse_id',
      'collection',
      'property',
    ])
    .execute();
  for (const [table, owner] of [
    ['audience', 'space_id'],
    ['computed_trait', 'space_id'],
    ['profiles_warehouse', 'space_id'],
    ['audience_schedule', 'audience_id'],
  ] as const) {
    const index = db.schema.createIndex(`${table}_by_${owner}_position`).on(table);
    await index.columns([owner, 'position']).execute();
  }
}

function ofSpace(db: Kysely<unknown>, table: string) {
  return db.schema
    .createTable(table)
    .addColumn('id', id, primary)
    .addColumn('space_id', id, of('space.id'))
    .addColumn('position', 'bigint', required);
}

function dated<Table extends string, Column extends string>(
  table: CreateTableBuilder<Table, Column>,
) {
  return table
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required);
}
