import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables, SpaceTable } from '../../core/tables/control-tables.ts';

export type SpaceRow = Selectable<SpaceTable>;

/** The row of a space. Rejects with `not_found`. */
export async function findSpace(db: Kysely<ControlTables>, id: string): Promise<SpaceRow> {
  const row = await db.selectFrom('space').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new TributaryError('not_found', `Space with id '${id}' not found.`);
  return row;
}
