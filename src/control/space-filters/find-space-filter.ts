import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { SpaceFilterTable } from '../../core/tables/space-tables.ts';

export type SpaceFilterRow = Selectable<SpaceFilterTable>;

/** Rejects with `not_found`, also for a filter of another space than the one that is given. */
export async function findSpaceFilter(
  db: Kysely<ControlTables>,
  id: string,
  spaceId?: string,
): Promise<SpaceFilterRow> {
  let query = db.selectFrom('space_filter').selectAll().where('id', '=', id);
  if (spaceId !== undefined) query = query.where('space_id', '=', spaceId);
  const row = await query.executeTakeFirst();
  if (row === undefined) throw new TributaryError('not_found', `Filter with id '${id}' not found.`);
  return row;
}
