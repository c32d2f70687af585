import type { Kysely } from 'kysely';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';

export const SourceOAuth = Type.Object({
  /** True: a write key alone is refused. */
  required: Type.Boolean(),
  /** The apps that may write to it, in the order of their connection. */
  appIds: Type.Array(Type.String()),
});

/** What a source says of OAuth. Rejects with `not_found`. */
export async function presentSourceOAuth(
  db: Kysely<ControlTables>,
  sourceId: string,
): Promise<Static<typeof SourceOAuth>> {
  const source = await findSource(db, sourceId);
  const apps = await db
    .selectFrom('oauth_app_source')
    .select('app_id')
    .where('source_id', '=', source.id)
    .orderBy('position')
    .execute();
  return { required: source.requires_oauth === 1, appIds: apps.map((row) => row.app_id) };
}
