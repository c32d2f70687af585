import type { Kysely } from 'kysely';

/** What destinations were given in place of an access token that was over. */
export async function createOAuthTokens(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('oauth_token')
    .addColumn('connection', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('origin', 'varchar(64)', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
}
