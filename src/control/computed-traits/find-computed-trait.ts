import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { ComputedTraitTable } from '../../core/tables/space-tables.ts';
import { findSpace } from '../spaces/find-space.ts';

export type ComputedTraitRow = Selectable<ComputedTraitTable>;

/** The row of a computed trait of a space. Rejects with `not_found` of either. */
export async function findComputedTrait(
  db: Kysely<ControlTables>,
  spaceId: string,
  id: string,
): Promise<ComputedTraitRow> {
  const space = await findSpace(db, spaceId);
  const query = db.selectFrom('computed_trait').selectAll().where('id', '=', id);
  const row = await query.where('space_id', '=', space.id).executeTakeFirst();
  if (row !== undefined) return row;
  throw new TributaryError('not_found', `Computed trait with id '${id}' not found.`);
}
