import type { Kysely } from 'kysely';

/** Of the loads of warehouses: how far was looked, when, what syncs reported, and what came of requests. */
export async function createWarehouseLoads(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('warehouse_reached')
    .addColumn('warehouse', 'varchar(64)', (column) => column.notNull())
    .addColumn('partition', 'integer', (column) => column.notNull())
    .addColumn('cursor', 'bigint', (column) => column.notNull())
    .addColumn('up_to', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('warehouse_reached_pk', ['warehouse', 'partition'])
    .execute();
  await db.schema
    .createTable('warehouse_clock')
    .addColumn('warehouse', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('last_started', 'bigint', (column) => column.notNull())
    .addColumn('failures', 'integer', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('warehouse_sync')
    .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('warehouse_id', 'varchar(64)', (column) => column.notNull())
    .addColumn('source_id', 'varchar(64)', (column) => column.notNull())
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addColumn('status', 'varchar(16)', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('rows_loaded', 'bigint', (column) => column.notNull())
    .addColumn('notices', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('warehouse_sync_by_position')
    .on('warehouse_sync')
    .columns(['warehouse_id', 'position'])
    .execute();
  await db.schema
    .createTable('warehouse_request_end')
    .addColumn('request', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('warehouse', 'varchar(64)', (column) => column.notNull())
    .addColumn('status', 'varchar(16)', (column) => column.notNull())
    .addColumn('rows_loaded', 'bigint', (column) => column.notNull())
    .addColumn('notices', 'text', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint', (column) => column.notNull())
    .execute();
}
