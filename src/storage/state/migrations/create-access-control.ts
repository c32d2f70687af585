import type { ColumnDefinitionBuilder, Kysely } from 'kysely';

const id = 'varchar(64)';
const required = (column: ColumnDefinitionBuilder) => column.notNull();
const primary = (column: ColumnDefinitionBuilder) => column.primaryKey();
const ofWorkspace = (column: ColumnDefinitionBuilder) =>
  column.notNull().references('workspace.id');
const ofSource = (column: ColumnDefinitionBuilder) =>
  column.notNull().references('source.id').onDelete('cascade');

/** Users, groups, invites, labels, what tokens may do, what the audit trail keeps, and subscriptions. */
export async function createAccessControl(db: Kysely<unknown>): Promise<void> {
  await createPeople(db);
  await createLabels(db);
  await createSubscriptions(db);
  const add = (table: string) => db.schema.alterTable(table);
  await add('token').addColumn('user_id', id).execute();
  await add('token').addColumn('permissions', 'text').execute();
  await add('token').addColumn('expires_at', 'bigint').execute();
  await add('token').addColumn('last_used_at', 'bigint').execute();
  await add('token').addColumn('answers', 'varchar(8)').execute();
  await add('audit_event').addColumn('before', 'text').execute();
  await add('audit_event').addColumn('after', 'text').execute();
  await add('audit_event').addColumn('actor_email', 'varchar(255)').execute();
  await add('source')
    .addColumn('schema_settings', 'text', (column) => column.notNull().defaultTo('{}'))
    .execute();
  await db.schema
    .createTable('secret_key')
    .addColumn('workspace_id', id, (column) => column.primaryKey().references('workspace.id'))
    .addColumn('sealed', 'text', required)
    .execute();
}

async function createPeople(db: Kysely<unknown>): Promise<void> {
  for (const [table, column] of [
    ['iam_user', 'email'],
    ['invite', 'email'],
    ['user_group', 'name'],
  ] as const) {
    const made = db.schema
      .createTable(table)
      .addColumn('id', id, primary)
      .addColumn('workspace_id', id, ofWorkspace)
      .addColumn('position', 'bigint', required)
      .addColumn(column, 'varchar(255)', required)
      .addColumn('permissions', 'text', required)
      .addColumn('created_at', 'bigint', required)
      .addUniqueConstraint(`${table}_${column}`, ['workspace_id', column]);
    await (table === 'iam_user'
      ? made.addColumn('name', 'varchar(255)', required)
      : made
    ).execute();
    await db.schema.createIndex(`${table}_by_position`).on(table).column('position').execute();
  }
  await db.schema
    .createTable('user_group_member')
    .addColumn('group_id', id, (column) =>
      column.notNull().references('user_group.id').onDelete('cascade'),
    )
    .addColumn('email', 'varchar(255)', required)
    .addColumn('position', 'bigint', required)
    .addPrimaryKeyConstraint('user_group_member_key', ['group_id', 'email'])
    .execute();
  await db.schema
    .createIndex('user_group_member_by_email')
    .on('user_group_member')
    .column('email')
    .execute();
}

async function createLabels(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('label')
    .addColumn('workspace_id', id, ofWorkspace)
    .addColumn('key', 'varchar(255)', required)
    .addColumn('value', 'varchar(255)', required)
    .addColumn('position', 'bigint', required)
    .addColumn('description', 'text')
    .addPrimaryKeyConstraint('label_key', ['workspace_id', 'key', 'value'])
    .execute();
  await db.schema
    .createTable('source_label')
    .addColumn('source_id', id, ofSource)
    .addColumn('key', 'varchar(255)', required)
    .addColumn('value', 'varchar(255)', required)
    .addPrimaryKeyConstraint('source_label_key', ['source_id', 'key'])
    .execute();
  await db.schema
    .createIndex('source_label_by_key_value')
    .on('source_label')
    .columns(['key', 'value'])
    .execute();
}

async function createSubscriptions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('destination_subscription')
    .addColumn('id', id, primary)
    .addColumn('destination_id', id, (column) =>
      column.notNull().references('destination.id').onDelete('cascade'),
    )
    .addColumn('position', 'bigint', required)
    .addColumn('name', 'varchar(255)', required)
    .addColumn('action_id', id, required)
    .addColumn('action_slug', 'varchar(255)', required)
    .addColumn('enabled', 'integer', required)
    .addColumn('trigger', 'text', required)
    .addColumn('settings', 'text', required)
    .addColumn('model_id', id)
    .addColumn('schedule', 'text')
    .addColumn('created_at', 'bigint', required)
    .execute();
  await db.schema
    .createIndex('destination_subscription_by_destination_id_position')
    .on('destination_subscription')
    .columns(['destination_id', 'position'])
    .execute();
}
