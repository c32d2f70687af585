import type { Kysely } from 'kysely';

/** The tables of `usage`: counts of events by time, and where counting stands. */
export async function createUsage(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('usage_count')
    .addColumn('source', 'varchar(64)', (column) => column.notNull())
    .addColumn('destination', 'varchar(64)', (column) => column.notNull())
    .addColumn('span', 'varchar(8)', (column) => column.notNull())
    .addColumn('time', 'bigint', (column) => column.notNull())
    .addColumn('partition', 'integer', (column) => column.notNull())
    .addColumn('counts', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('usage_count_pk', [
      'source',
      'destination',
      'span',
      'time',
      'partition',
    ])
    .execute();
  await db.schema
    .createIndex('usage_count_by_age')
    .on('usage_count')
    .columns(['span', 'time', 'partition'])
    .execute();
  await db.schema
    .createTable('usage_pending')
    .addColumn('source', 'varchar(64)', (column) => column.notNull())
    .addColumn('destination', 'varchar(64)', (column) => column.notNull())
    .addColumn('partition', 'integer', (column) => column.notNull())
    .addColumn('folds', 'bigint', (column) => column.notNull())
    .addColumn('counts', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('usage_pending_pk', ['source', 'destination', 'partition'])
    .execute();
  await db.schema
    .createTable('usage_user')
    .addColumn('source', 'varchar(64)', (column) => column.notNull())
    .addColumn('day', 'bigint', (column) => column.notNull())
    .addColumn('partition', 'integer', (column) => column.notNull())
    .addColumn('users', 'text', (column) => column.notNull())
    .addColumn('anonymous', 'text', (column) => column.notNull())
    .addColumn('identified', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('usage_user_pk', ['source', 'day', 'partition'])
    .execute();
  await db.schema
    .createIndex('usage_user_by_age')
    .on('usage_user')
    .columns(['partition', 'day'])
    .execute();
  await db.schema
    .createTable('usage_position')
    .addColumn('partition', 'integer', (column) => column.primaryKey())
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addColumn('input', 'bigint', (column) => column.notNull())
    .execute();
}
