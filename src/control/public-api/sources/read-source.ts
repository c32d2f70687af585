import assert from 'node:assert/strict';
import type { Kysely, Selectable } from 'kysely';
import type { Static } from 'typebox';
import { TributaryError } from '../../../core/errors.ts';
import type { ControlTables, SourceTable } from '../../../core/tables/control-tables.ts';
import { allows } from '../../access/permission.ts';
import { sourceMetadata } from '../../catalog/source-metadata.ts';
import type { ReadContext } from '../../context.ts';
import type { Source } from '../models/source.ts';

export type SourceRow = Selectable<SourceTable>;

/** The row of a source. Rejects with `not_found`. */
export async function findSource(db: Kysely<ControlTables>, id: string): Promise<SourceRow> {
  const row = await db.selectFrom('source').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new TributaryError('not_found', `Source with id '${id}' not found.`);
  return row;
}

/** Rows of sources as the API shows them, their write keys read at once. */
export async function presentSources(
  { db, environment, principal }: ReadContext,
  rows: readonly SourceRow[],
): Promise<Static<typeof Source>[]> {
  const keys = allows(principal.permission, 'write')
    ? await readKeys(
        db,
        rows.map((row) => row.id),
        environment.clock.now(),
      )
    : new Map<string, string[]>();
  return rows.map((row) => {
    const definition = environment.catalog.source(row.metadata_id);
    assert(definition !== undefined, 'the catalogue of sources never loses an entry');
    return {
      id: row.id,
      slug: row.slug,
      name: row.name,
      metadata: sourceMetadata(definition),
      workspaceId: row.workspace_id,
      enabled: row.enabled === 1,
      writeKeys: keys.get(row.id) ?? [],
      settings: JSON.parse(row.settings),
      labels: [],
    };
  });
}

/** One source as the API shows it. Rejects with `not_found`. */
export async function presentSource(
  context: ReadContext,
  id: string,
): Promise<Static<typeof Source>> {
  const [source] = await presentSources(context, [await findSource(context.db, id)]);
  assert(source !== undefined, 'each row is shown');
  return source;
}

/** The keys that hold, live and test alike, oldest first. */
async function readKeys(
  db: Kysely<ControlTables>,
  sourceIds: readonly string[],
  now: number,
): Promise<Map<string, string[]>> {
  const keys = new Map<string, string[]>(sourceIds.map((id) => [id, []]));
  if (sourceIds.length === 0) return keys;
  const rows = await db
    .selectFrom('write_key')
    .select(['write_key', 'source_id'])
    .where('source_id', 'in', sourceIds)
    .where((key) => key.or([key('expires_at', 'is', null), key('expires_at', '>', now)]))
    .orderBy('position')
    .execute();
  for (const row of rows) keys.get(row.source_id)?.push(row.write_key);
  return keys;
}
