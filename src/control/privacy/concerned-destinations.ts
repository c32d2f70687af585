import type { Kysely, Selectable } from 'kysely';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { DestinationTable } from '../../core/tables/destination-tables.ts';
import type { ToldDeletionTable } from '../../core/tables/privacy-tables.ts';
import type { RegulationRow } from './find-regulation.ts';
import { deletesAtDestinations } from './regulation-types.ts';

/** A destination that is to be told of a deletion. */
export interface Concerned {
  readonly destination: Selectable<DestinationTable>;
  /** How far that is; undefined: not begun. */
  readonly told: Selectable<ToldDeletionTable> | undefined;
}

/** The destinations, on or off, that may have had events of the users: none for a regulation that is not for destinations. */
export async function concernedDestinations(
  db: Kysely<ControlTables>,
  row: RegulationRow,
): Promise<readonly Concerned[]> {
  if (row.status === 'NOT_SUPPORTED' || !deletesAtDestinations(row.regulation_type)) return [];
  const all = db
    .selectFrom('destination')
    .selectAll()
    .where('created_at', '<=', Number(row.created_at))
    .orderBy('position');
  const destinations = await (row.source_id === null
    ? all
    : all.where('source_id', '=', row.source_id)
  ).execute();
  const told = await db
    .selectFrom('told_deletion')
    .selectAll()
    .where('regulation_id', '=', row.id)
    .execute();
  const byDestination = new Map(told.map((one) => [one.destination_id, one]));
  return destinations.map((destination) => ({
    destination,
    told: byDestination.get(destination.id),
  }));
}

/** Nothing more is asked of it. */
export function isTold({ told }: Concerned): boolean {
  return told !== undefined && told.state !== 'RUNNING';
}
