import { createHash } from 'node:crypto';
import type { Clock } from '../../../core/clock.ts';
import type { SecretBox } from '../../../core/secret-box.ts';
import type { StateStore } from '../../../core/state.ts';
import type { WorkTables } from '../../../core/tables/work-tables.ts';
import type { Tokens } from '../package/library-package.ts';

/**
 * Tokens that were refreshed, in the table `oauth_token` of the `work` database: one row a connection, sealed. A row whose
 * `origin` is not the tokens of the settings is of older ones, and counts for nothing.
 */
export interface TokenStore {
  read(connection: string, origin: string): Promise<Tokens | undefined>;
  write(connection: string, origin: string, tokens: Tokens): Promise<void>;
}

export function createTokenStore(
  store: StateStore<WorkTables>,
  box: SecretBox,
  clock: Clock,
): TokenStore {
  return {
    async read(connection, origin) {
      const row = await store.db
        .selectFrom('oauth_token')
        .selectAll()
        .where('connection', '=', connection)
        .where('origin', '=', origin)
        .executeTakeFirst();
      const text = row && box.open(row.sealed, connection);
      return text === undefined ? undefined : parseTokens(text);
    },
    async write(connection, origin, tokens) {
      const { accessToken, refreshToken } = tokens;
      const sealed = box.seal(JSON.stringify({ accessToken, refreshToken }), connection);
      const values = { origin, sealed, updated_at: clock.now() };
      await store.db
        .insertInto('oauth_token')
        .values({ connection, ...values })
        .onConflict((conflict) => conflict.column('connection').doUpdateSet(values))
        .execute();
    },
  };
}

/** The connection is gone: nothing of its tokens stays. */
export async function forgetTokens(
  store: StateStore<WorkTables>,
  connection: string,
): Promise<void> {
  await store.db.deleteFrom('oauth_token').where('connection', '=', connection).execute();
}

/** Of what the settings hold: other tokens there have another. */
export function originOf({ accessToken = '', refreshToken = '' }: Tokens): string {
  return createHash('sha256').update(`${accessToken} ${refreshToken}`).digest('hex');
}

function parseTokens(text: string): Tokens {
  return JSON.parse(text) as Tokens;
}
