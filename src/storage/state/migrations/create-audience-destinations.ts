import type { ColumnDefinitionBuilder, Kysely } from 'kysely';

const id = 'varchar(64)';
const required = (column: ColumnDefinitionBuilder) => column.notNull();
const of = (reference: string) => (column: ColumnDefinitionBuilder) =>
  column.notNull().references(reference).onDelete('cascade');

/** Destinations that audiences are connected to, with what each audience is at the vendor. */
export async function createAudienceDestinations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audience_destination')
    .addColumn('id', id, (column) => column.primaryKey())
    .addColumn('audience_id', id, of('audience.id'))
    .addColumn('destination_id', id, of('destination.id'))
    .addColumn('position', 'bigint', required)
    .addColumn('external_id', 'varchar(1024)')
    .addColumn('settings', 'text', required)
    .addColumn('id_sync', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .addUniqueConstraint('audience_destination_once', ['audience_id', 'destination_id'])
    .execute();
  for (const owner of ['audience_id', 'destination_id'] as const) {
    const index = db.schema.createIndex(`audience_destination_by_${owner}_position`);
    await index.on('audience_destination').columns([owner, 'position']).execute();
  }
}
