import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { TransformationTable } from '../../core/tables/shaping-tables.ts';

export type TransformationRow = Selectable<TransformationTable>;

/** The row of a transformation. Rejects with `not_found`. */
export async function findTransformation(
  db: Kysely<ControlTables>,
  id: string,
): Promise<TransformationRow> {
  const row = await db
    .selectFrom('transformation')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) {
    throw new TributaryError('not_found', `Transformation with id '${id}' not found.`);
  }
  return row;
}
