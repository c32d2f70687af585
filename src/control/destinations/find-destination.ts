import type { Kysely, Selectable } from 'kysely';
import type { DestinationKind } from '../../core/destination.ts';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { DestinationTable } from '../../core/tables/destination-tables.ts';
import type { Catalog } from '../catalog/catalog.ts';

export type DestinationRow = Selectable<DestinationTable>;

/** The row of a destination. Rejects with `not_found`. */
export async function findDestination(
  db: Kysely<ControlTables>,
  id: string,
): Promise<DestinationRow> {
  const row = await db
    .selectFrom('destination')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) {
    throw new TributaryError('not_found', `Destination with id '${id}' not found.`);
  }
  return row;
}

/** The kind of a destination. Throws `not_found` when this server no longer has it. */
export function kindOf(catalog: Catalog, row: DestinationRow): DestinationKind {
  const kind = catalog.destination(row.metadata_id);
  if (kind === undefined) {
    throw new TributaryError('not_found', `The kind of destination '${row.id}' is not known here.`);
  }
  return kind;
}
