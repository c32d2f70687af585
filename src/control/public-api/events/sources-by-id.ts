import type { Kysely } from 'kysely';
import type { ControlTables } from '../../../core/tables/control-tables.ts';

interface NamedSource {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
}

/** Those of the sources that are still there. */
export async function sourcesById(
  db: Kysely<ControlTables>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, NamedSource>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const rows = await db
    .selectFrom('source')
    .select(['id', 'name', 'slug'])
    .where('id', 'in', wanted)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}
