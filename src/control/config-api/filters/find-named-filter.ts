import type { ReadContext } from '../../context.ts';
import { type FilterRow, findFilter } from '../../destinations/filters/find-filter.ts';
import type { NamedDestination } from '../destinations/named-destination.ts';

/** The filter of a destination that a path names, with the mark of its id or without. Rejects with `not_found`. */
export function findNamedFilter(
  { db }: Pick<ReadContext, 'db'>,
  { destination }: NamedDestination,
  given: string,
): Promise<FilterRow> {
  return findFilter(db, destination.id, given.replace(/^df_/, ''));
}
