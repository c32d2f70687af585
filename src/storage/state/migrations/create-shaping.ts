import type { ColumnDefinitionBuilder, Kysely } from 'kysely';

const id = 'varchar(64)';
const required = (column: ColumnDefinitionBuilder) => column.notNull();
const primary = (column: ColumnDefinitionBuilder) => column.primaryKey();
const of = (table: string) => (column: ColumnDefinitionBuilder) =>
  column.references(`${table}.id`).onDelete('cascade');
const ofOne = (table: string) => (column: ColumnDefinitionBuilder) => of(table)(column).notNull();
const ofWorkspace = (column: ColumnDefinitionBuilder) =>
  column.notNull().references('workspace.id');

/** Tracking plans, destination filters, transformations and functions. */
export async function createShaping(db: Kysely<unknown>): Promise<void> {
  await createPlans(db);
  await createFilters(db);
  await createTransformations(db);
  await createFunctions(db);
}

async function createPlans(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('tracking_plan')
    .addColumn('id', id, primary)
    .addColumn('workspace_id', id, ofWorkspace)
    .addColumn('position', 'bigint', required)
    .addColumn('slug', 'varchar(255)', required)
    .addColumn('name', 'varchar(255)', required)
    .addColumn('description', 'text')
    .addColumn('type', 'varchar(32)', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .execute();
  await db.schema
    .createTable('tracking_plan_rule')
    .addColumn('tracking_plan_id', id, ofOne('tracking_plan'))
    .addColumn('position', 'bigint', required)
    .addColumn('type', 'varchar(16)', required)
    .addColumn('key', 'varchar(255)', required)
    .addColumn('version', 'integer', required)
    .addColumn('json_schema', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .addPrimaryKeyConstraint('tracking_plan_rule_key', [
      'tracking_plan_id',
      'type',
      'key',
      'version',
    ])
    .execute();
  await db.schema
    .createTable('tracking_plan_source')
    .addColumn('source_id', id, (column) => of('source')(column).primaryKey())
    .addColumn('tracking_plan_id', id, ofOne('tracking_plan'))
    .addColumn('position', 'bigint', required)
    .execute();
  await createIndex(db, 'tracking_plan', ['position']);
  await createIndex(db, 'tracking_plan_rule', ['tracking_plan_id', 'position']);
  await createIndex(db, 'tracking_plan_source', ['tracking_plan_id', 'position']);
}

async function createFilters(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('destination_filter')
    .addColumn('id', id, primary)
    .addColumn('destination_id', id, ofOne('destination'))
    .addColumn('position', 'bigint', required)
    .addColumn('title', 'varchar(255)', required)
    .addColumn('description', 'text')
    .addColumn('condition', 'text', required)
    .addColumn('actions', 'text', required)
    .addColumn('enabled', 'integer', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .execute();
  await createIndex(db, 'destination_filter', ['destination_id', 'position']);
}

async function createTransformations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('transformation')
    .addColumn('id', id, primary)
    .addColumn('workspace_id', id, ofWorkspace)
    .addColumn('position', 'bigint', required)
    .addColumn('source_id', id, ofOne('source'))
    .addColumn('destination_metadata_id', id, required)
    .addColumn('name', 'varchar(255)', required)
    .addColumn('enabled', 'integer', required)
    .addColumn('condition', 'text', required)
    .addColumn('matches', 'text', required)
    .addColumn('work', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .execute();
  await createIndex(db, 'transformation', ['position']);
  await createIndex(db, 'transformation', ['source_id', 'position']);
}

async function createFunctions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('user_function')
    .addColumn('id', id, primary)
    .addColumn('workspace_id', id, ofWorkspace)
    .addColumn('position', 'bigint', required)
    .addColumn('resource_type', 'varchar(32)', required)
    .addColumn('display_name', 'varchar(255)', required)
    .addColumn('description', 'text')
    .addColumn('logo_url', 'text')
    .addColumn('settings', 'text', required)
    .addColumn('created_by', 'varchar(255)', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .execute();
  await db.schema
    .createTable('function_version')
    .addColumn('id', id, primary)
    .addColumn('function_id', id, ofOne('user_function'))
    .addColumn('position', 'bigint', required)
    .addColumn('author', 'varchar(255)', required)
    .addColumn('code', 'text', required)
    .addColumn('deployed', 'integer', required)
    .addColumn('deployed_at', 'bigint')
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .execute();
  await db.schema
    .createTable('function_instance')
    .addColumn('id', id, primary)
    .addColumn('function_id', id, ofOne('user_function'))
    .addColumn('position', 'bigint', required)
    .addColumn('source_id', id, of('source'))
    .addColumn('destination_id', id, of('destination'))
    .addColumn('name', 'varchar(255)', required)
    .addColumn('enabled', 'integer', required)
    .addColumn('settings', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .execute();
  await createIndex(db, 'user_function', ['position']);
  await createIndex(db, 'function_version', ['function_id', 'position']);
  await createIndex(db, 'function_instance', ['function_id', 'position']);
}

async function createIndex(db: Kysely<unknown>, table: string, columns: string[]): Promise<void> {
  await db.schema
    .createIndex(`${table}_by_${columns.join('_')}`)
    .on(table)
    .columns(columns)
    .execute();
}
