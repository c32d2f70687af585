import type { Kysely } from 'kysely';
import { type OAuthConfig, tokenLifetimes } from '../../core/oauth.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';

/** The OAuth apps for the snapshot: nothing until there was a first. */
export async function readOAuth(
  db: Kysely<ControlTables>,
): Promise<{ readonly oauth?: OAuthConfig }> {
  const signing = await db.selectFrom('oauth_secret').select('secret').executeTakeFirst();
  if (signing === undefined) return {};
  const apps = await db.selectFrom('oauth_app').selectAll().orderBy('position').execute();
  const keys = Map.groupBy(
    await db.selectFrom('oauth_key').selectAll().orderBy('position').execute(),
    (row) => row.app_id,
  );
  const sources = Map.groupBy(
    await db.selectFrom('oauth_app_source').selectAll().orderBy('position').execute(),
    (row) => row.app_id,
  );
  const revoked = await db
    .selectFrom('oauth_revoked_token')
    .select('id')
    .orderBy('position')
    .execute();
  return {
    oauth: {
      secret: signing.secret,
      apps: apps.map((app) => ({
        id: app.id,
        scopes: JSON.parse(app.scopes),
        tokenSeconds: secondsOf(app.token_lifetime),
        generation: app.generation,
        keys: (keys.get(app.id) ?? []).map((key) => ({ id: key.id, publicKey: key.public_key })),
        sources: (sources.get(app.id) ?? []).map((row) => row.source_id),
      })),
      revoked: revoked.map(({ id }) => id),
    },
  };
}

function secondsOf(lifetime: string): number {
  return new Map<string, number>(Object.entries(tokenLifetimes)).get(lifetime) ?? 0;
}
