import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables, SourceTable } from '../../core/tables/control-tables.ts';

export type SourceRow = Selectable<SourceTable>;

/** The row of a source. Rejects with `not_found`. */
export async function findSource(db: Kysely<ControlTables>, id: string): Promise<SourceRow> {
  const row = await db.selectFrom('source').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new TributaryError('not_found', `Source with id '${id}' not found.`);
  return row;
}
