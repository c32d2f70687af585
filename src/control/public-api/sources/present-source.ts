import assert from 'node:assert/strict';
import type { Kysely } from 'kysely';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import { allows } from '../../access/permission.ts';
import { visibleIds } from '../../access/visible-ids.ts';
import { sourceMetadata } from '../../catalog/source-metadata.ts';
import type { ReadContext } from '../../context.ts';
import type { Static } from '../../schemas/type.ts';
import type { SourceRow } from '../../sources/find-source.ts';
import { readSourceLabels } from '../../sources/source-labels.ts';
import { shownSourceSettings } from '../../sources/source-settings.ts';
import type { Source } from '../models/source.ts';

/** Rows of sources as the API shows them; write keys only to whoever may change the source (spec public-api §6). */
export async function presentSources(
  context: ReadContext,
  rows: readonly SourceRow[],
): Promise<Static<typeof Source>[]> {
  const { db, environment } = context;
  const ids = rows.map((row) => row.id);
  const keys = await readKeys(db, await changeable(context, ids), environment.clock.now());
  const labels = await readSourceLabels(db, ids);
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
      settings: shownSourceSettings(environment, definition, row),
      labels: labels.get(row.id) ?? [],
    };
  });
}

async function changeable(
  { db, principal }: ReadContext,
  ids: readonly string[],
): Promise<readonly string[]> {
  if (!allows(principal.permission, 'write')) return [];
  const may = await visibleIds(db, principal, 'source', 'SOURCE', 'admin');
  return may === undefined ? ids : ids.filter((id) => may.includes(id));
}

/** One source as the API shows it. */
export async function presentSource(
  context: ReadContext,
  row: SourceRow,
): Promise<Static<typeof Source>> {
  const [source] = await presentSources(context, [row]);
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
