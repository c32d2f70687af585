import type { Kysely } from 'kysely';

/** What the code of functions said, and how it failed. */
export async function createFunctionInvocations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('function_invocation')
    .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
    .addColumn('instance', 'varchar(64)', (column) => column.notNull())
    .addColumn('version', 'varchar(64)', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('handler', 'varchar(16)', (column) => column.notNull())
    .addColumn('failure', 'varchar(32)')
    .addColumn('message', 'text', (column) => column.notNull())
    .addColumn('logs', 'text', (column) => column.notNull())
    .addColumn('logs_cut', 'integer', (column) => column.notNull())
    .addColumn('duration_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('function_invocation_instance')
    .on('function_invocation')
    .columns(['instance', 'id'])
    .execute();
}
