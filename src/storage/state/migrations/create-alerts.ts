import type { ColumnDefinitionBuilder, Kysely } from 'kysely';

const id = 'varchar(64)';
const required = (column: ColumnDefinitionBuilder) => column.notNull();
const of = (table: string) => (column: ColumnDefinitionBuilder) =>
  column.references(`${table}.id`).onDelete('cascade');

/** Bounds that an operator watches, and what was found of them. */
export async function createAlerts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('alert')
    .addColumn('id', id, (column) => column.primaryKey())
    .addColumn('position', 'bigint', required)
    .addColumn('name', 'varchar(255)', required)
    .addColumn('enabled', 'integer', required)
    .addColumn('metric', 'varchar(32)', required)
    .addColumn('source_id', id, of('source'))
    .addColumn('destination_id', id, of('destination'))
    .addColumn('below', 'double precision')
    .addColumn('above', 'double precision')
    .addColumn('window_minutes', 'integer', required)
    .addColumn('webhook_url', 'text')
    .addColumn('status', 'varchar(16)', required)
    .addColumn('value', 'double precision')
    .addColumn('calm', 'integer', required)
    .addColumn('changed_at', 'bigint')
    .addColumn('evaluated_at', 'bigint')
    .addColumn('pending', 'text', required)
    .addColumn('last_error', 'text')
    .addColumn('created_at', 'bigint', required)
    .execute();
  await db.schema.createIndex('alert_by_position').on('alert').columns(['position']).execute();
}
