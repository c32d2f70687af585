import type { Kysely } from 'kysely';
import { TributaryError } from '../../../core/errors.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import type { SourceRow } from '../../sources/find-source.ts';

/** The source whose slug a path names. Rejects with `not_found`. */
export async function findNamedSource(db: Kysely<ControlTables>, slug: string): Promise<SourceRow> {
  const row = await db.selectFrom('source').selectAll().where('slug', '=', slug).executeTakeFirst();
  if (row === undefined) throw new TributaryError('not_found', `Source '${slug}' not found.`);
  return row;
}
