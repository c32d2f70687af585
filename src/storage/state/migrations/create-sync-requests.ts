import type { Kysely } from 'kysely';

/** Requests for syncs. What syncs report is in the `work` database: the table `warehouse_sync` here was never written. */
export async function createSyncRequests(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('sync_request')
    .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('warehouse_id', 'varchar(64)', (column) =>
      column.notNull().references('warehouse.id').onDelete('cascade'),
    )
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addColumn('from_time', 'bigint')
    .addColumn('to_time', 'bigint')
    .addColumn('source_id', 'varchar(64)')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('sync_request_by_warehouse')
    .on('sync_request')
    .columns(['warehouse_id', 'position'])
    .execute();
}
