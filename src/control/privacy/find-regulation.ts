import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { RegulationTable } from '../../core/tables/privacy-tables.ts';

export type RegulationRow = Selectable<RegulationTable>;

/** The row of a regulation. Rejects with `not_found`. */
export async function findRegulation(
  db: Kysely<ControlTables>,
  id: string,
): Promise<RegulationRow> {
  const row = await db.selectFrom('regulation').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) {
    throw new TributaryError('not_found', `Regulation with id '${id}' not found.`);
  }
  return row;
}
