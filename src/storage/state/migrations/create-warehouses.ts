import type { ColumnDefinitionBuilder, Kysely } from 'kysely';

const id = 'varchar(64)';
const required = (column: ColumnDefinitionBuilder) => column.notNull();
const primary = (column: ColumnDefinitionBuilder) => column.primaryKey();
const of = (table: string) => (column: ColumnDefinitionBuilder) =>
  column.notNull().references(`${table}.id`).onDelete('cascade');

/** Warehouses, what is loaded into them and when; models of reverse ETL; what the syncs of both report. */
export async function createWarehouses(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('warehouse')
    .addColumn('id', id, primary)
    .addColumn('workspace_id', id, (column) => column.notNull().references('workspace.id'))
    .addColumn('position', 'bigint', required)
    .addColumn('metadata_id', id, required)
    .addColumn('name', 'varchar(255)')
    .addColumn('enabled', 'integer', required)
    .addColumn('settings', 'text', required)
    .addColumn('schedule', 'text')
    .addColumn('created_at', 'bigint', required)
    .execute();
  await db.schema
    .createTable('warehouse_source')
    .addColumn('warehouse_id', id, of('warehouse'))
    .addColumn('source_id', id, of('source'))
    .addColumn('position', 'bigint', required)
    .addColumn('created_at', 'bigint', required)
    .addPrimaryKeyConstraint('warehouse_source_key', ['warehouse_id', 'source_id'])
    .execute();
  await db.schema
    .createTable('sync_override')
    .addColumn('warehouse_id', id, of('warehouse'))
    .addColumn('source_id', id, of('source'))
    .addColumn('collection', 'varchar(255)', required)
    .addColumn('property', 'varchar(255)', required)
    .addColumn('enabled', 'integer', required)
    .addColumn('position', 'bigint', required)
    .addPrimaryKeyConstraint('sync_override_key', [
      'warehouse_id',
      'source_id',
      'collection',
      'property',
    ])
    .execute();
  await db.schema
    .createTable('warehouse_sync')
    .addColumn('id', id, primary)
    .addColumn('warehouse_id', id, of('warehouse'))
    .addColumn('source_id', id, of('source'))
    .addColumn('position', 'bigint', required)
    .addColumn('status', 'varchar(32)', required)
    .addColumn('started_at', 'bigint', required)
    .addColumn('ended_at', 'bigint')
    .addColumn('rows_loaded', 'bigint', required)
    .addColumn('notices', 'text', required)
    .execute();
  await createReverseEtl(db);
  await index(db, 'warehouse', ['position']);
  await index(db, 'warehouse_source', ['warehouse_id', 'position']);
  await index(db, 'warehouse_source', ['source_id', 'position']);
  await index(db, 'warehouse_sync', ['warehouse_id', 'position']);
}

async function createReverseEtl(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('reverse_etl_model')
    .addColumn('id', id, primary)
    .addColumn('source_id', id, of('source'))
    .addColumn('position', 'bigint', required)
    .addColumn('name', 'varchar(255)', required)
    .addColumn('description', 'text', required)
    .addColumn('enabled', 'integer', required)
    .addColumn('query', 'text', required)
    .addColumn('identifier_column', 'varchar(255)', required)
    .addColumn('created_at', 'bigint', required)
    .execute();
  await db.schema
    .createTable('reverse_etl_sync')
    .addColumn('id', id, primary)
    .addColumn('model_id', id, of('reverse_etl_model'))
    .addColumn('subscription_id', id, of('destination_subscription'))
    .addColumn('position', 'bigint', required)
    .addColumn('status', 'varchar(32)', required)
    .addColumn('started_at', 'bigint', required)
    .addColumn('finished_at', 'bigint')
    .addColumn('extract_phase', 'text')
    .addColumn('load_phase', 'text')
    .addColumn('error', 'text')
    .addColumn('error_code', 'varchar(64)')
    .addColumn('cancel_reason', 'integer')
    .execute();
  await index(db, 'reverse_etl_model', ['position']);
  await index(db, 'reverse_etl_sync', ['model_id', 'position']);
}

async function index(db: Kysely<unknown>, table: string, columns: string[]): Promise<void> {
  await db.schema
    .createIndex(`${table}_by_${columns.join('_')}`)
    .on(table)
    .columns(columns)
    .execute();
}
