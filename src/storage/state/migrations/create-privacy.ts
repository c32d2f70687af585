import type { ColumnDefinitionBuilder, Kysely } from 'kysely';

const id = 'varchar(64)';
const required = (column: ColumnDefinitionBuilder) => column.notNull();
const ofSource = (column: ColumnDefinitionBuilder) =>
  column.references('source.id').onDelete('cascade');

/** What was asked for end users, and whose events are dropped. */
export async function createPrivacy(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('regulation')
    .addColumn('id', id, (column) => column.primaryKey())
    .addColumn('workspace_id', id, (column) => column.notNull().references('workspace.id'))
    .addColumn('position', 'bigint', required)
    .addColumn('scope', 'varchar(16)', required)
    .addColumn('source_id', id, ofSource)
    .addColumn('regulation_type', 'varchar(64)', required)
    .addColumn('subject_type', 'varchar(16)', required)
    .addColumn('subject_ids', 'text', required)
    .addColumn('collection', 'varchar(255)')
    .addColumn('status', 'varchar(32)', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('finished_at', 'bigint')
    .execute();
  await db.schema
    .createIndex('regulation_by_scope_position')
    .on('regulation')
    .columns(['scope', 'position'])
    .execute();
  await db.schema
    .createIndex('regulation_by_source_id_position')
    .on('regulation')
    .columns(['source_id', 'position'])
    .execute();
  await db.schema
    .createTable('suppression')
    .addColumn('scope', id, required)
    .addColumn('subject_type', 'varchar(16)', required)
    .addColumn('subject_id', 'varchar(255)', required)
    .addColumn('source_id', id, ofSource)
    .addColumn('position', 'bigint', required)
    .addColumn('in_force', 'integer', required)
    .addPrimaryKeyConstraint('suppression_key', ['scope', 'subject_type', 'subject_id'])
    .execute();
  await db.schema
    .createIndex('suppression_by_position')
    .on('suppression')
    .column('position')
    .execute();
}
