import assert from 'node:assert/strict';
import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../../core/errors.ts';
import type {
  ControlTables,
  OAuthAppTable,
  OAuthKeyTable,
} from '../../../core/tables/control-tables.ts';
import type { Static } from '../../schemas/type.ts';
import { isoTime } from '../frame/iso-time.ts';
import type { OAuthApp } from '../models/oauth-app.ts';
import { keyFingerprint } from './public-key.ts';

export type OAuthAppRow = Selectable<OAuthAppTable>;

/** The row of an app. Rejects with `not_found`. */
export async function findOAuthApp(db: Kysely<ControlTables>, id: string): Promise<OAuthAppRow> {
  const row = await db.selectFrom('oauth_app').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) {
    throw new TributaryError('not_found', `OAuth app with id '${id}' not found.`);
  }
  return row;
}

/** Rows of apps as the API shows them, their keys and sources read at once. */
export async function presentOAuthApps(
  db: Kysely<ControlTables>,
  rows: readonly OAuthAppRow[],
): Promise<Static<typeof OAuthApp>[]> {
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return [];
  const keys = Map.groupBy(await readKeys(db, ids), (key) => key.app_id);
  const sources = await db
    .selectFrom('oauth_app_source')
    .select(['app_id', 'source_id'])
    .where('app_id', 'in', ids)
    .orderBy('position')
    .orderBy('source_id')
    .execute();
  const bySource = Map.groupBy(sources, (row) => row.app_id);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    scopes: JSON.parse(row.scopes),
    tokenLifetime: row.token_lifetime,
    keys: (keys.get(row.id) ?? []).map((key) => ({
      id: key.id,
      name: key.name,
      fingerprint: keyFingerprint(key.public_key),
      createdAt: isoTime(Number(key.created_at)),
    })),
    sourceIds: (bySource.get(row.id) ?? []).map((source) => source.source_id),
    createdAt: isoTime(Number(row.created_at)),
  }));
}

/** One app as the API shows it. Rejects with `not_found`. */
export async function presentOAuthApp(
  db: Kysely<ControlTables>,
  id: string,
): Promise<Static<typeof OAuthApp>> {
  const [app] = await presentOAuthApps(db, [await findOAuthApp(db, id)]);
  assert(app !== undefined, 'each row is shown');
  return app;
}

/** The keys of apps, oldest first. */
function readKeys(
  db: Kysely<ControlTables>,
  appIds: readonly string[],
): Promise<Selectable<OAuthKeyTable>[]> {
  return db
    .selectFrom('oauth_key')
    .selectAll()
    .where('app_id', 'in', appIds)
    .orderBy('position')
    .execute();
}
