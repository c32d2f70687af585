import type { Kysely } from 'kysely';

/** The last failed attempts of each connection, with what was asked and answered. */
export async function createDeliveryFailures(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('delivery_failure')
    .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('connection', 'varchar(64)', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('message_id', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('code', 'varchar(64)', (column) => column.notNull())
    .addColumn('message', 'text', (column) => column.notNull())
    .addColumn('exchanges', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('delivery_failure_connection')
    .on('delivery_failure')
    .columns(['connection', 'id'])
    .execute();
}
