import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../../core/errors.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import type { DestinationFilterTable } from '../../../core/tables/shaping-tables.ts';

export type FilterRow = Selectable<DestinationFilterTable>;

/** The row of a filter of the destination. Rejects with `not_found`. */
export async function findFilter(
  db: Kysely<ControlTables>,
  destinationId: string,
  id: string,
): Promise<FilterRow> {
  const row = await db
    .selectFrom('destination_filter')
    .selectAll()
    .where('destination_id', '=', destinationId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) {
    throw new TributaryError('not_found', `Filter with id '${id}' not found.`);
  }
  return row;
}
