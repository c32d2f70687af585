import type { Kysely } from 'kysely';

/** The tables of the archive: how far it is, its manifest, and what it has lost. */
export async function createArchive(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('archive_position')
    .addColumn('partition', 'integer', (column) => column.primaryKey())
    .addColumn('name', 'varchar(16)', (column) => column.notNull())
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addColumn('stamp_input', 'bigint', (column) => column.notNull())
    .addColumn('stamp_item', 'integer', (column) => column.notNull())
    .addColumn('pending', 'text')
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('archive_file')
    .addColumn('key', 'varchar(300)', (column) => column.primaryKey())
    .addColumn('partition', 'integer', (column) => column.notNull())
    .addColumn('source', 'varchar(64)', (column) => column.notNull())
    .addColumn('day', 'bigint', (column) => column.notNull())
    .addColumn('first_offset', 'bigint', (column) => column.notNull())
    .addColumn('last_offset', 'bigint', (column) => column.notNull())
    .addColumn('first_time', 'bigint', (column) => column.notNull())
    .addColumn('last_time', 'bigint', (column) => column.notNull())
    .addColumn('events', 'bigint', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('sha256', 'varchar(64)', (column) => column.notNull())
    .addColumn('written_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('archive_file_by_source')
    .on('archive_file')
    .columns(['partition', 'source', 'last_offset'])
    .execute();
  await db.schema
    .createIndex('archive_file_by_age')
    .on('archive_file')
    .columns(['partition', 'day'])
    .execute();
  await db.schema
    .createTable('archive_expired')
    .addColumn('partition', 'integer', (column) => column.notNull())
    .addColumn('source', 'varchar(64)', (column) => column.notNull())
    .addColumn('day', 'bigint', (column) => column.notNull())
    .addColumn('reason', 'varchar(8)', (column) => column.notNull())
    .addColumn('events', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('archive_expired_pk', ['partition', 'source', 'day', 'reason'])
    .execute();
  await db.schema
    .createTable('deletion_progress')
    .addColumn('regulation', 'varchar(64)', (column) => column.notNull())
    .addColumn('part', 'varchar(64)', (column) => column.notNull())
    .addColumn('partition', 'integer', (column) => column.notNull())
    .addColumn('state', 'varchar(16)', (column) => column.notNull())
    .addColumn('done', 'bigint', (column) => column.notNull())
    .addColumn('total', 'bigint', (column) => column.notNull())
    .addColumn('events', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('deletion_progress_pk', ['regulation', 'part', 'partition'])
    .execute();
}
