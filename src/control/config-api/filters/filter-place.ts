import type { ReadContext } from '../../context.ts';
import { type FilterRow, findFilter } from '../../destinations/filters/find-filter.ts';
import type { DestinationRow } from '../../destinations/find-destination.ts';
import { destinationNames, findNamedDestination } from '../destinations/destination-names.ts';
import { sourceName } from '../frame/resource-name.ts';
import { findNamedSource } from '../sources/find-named-source.ts';

interface Place {
  readonly destination: DestinationRow;
  /** The full name of the destination. */
  readonly name: string;
}

/** The destination whose filters a path names. Rejects with `not_found`. */
export async function filterPlace(
  context: ReadContext,
  params: { readonly source: string; readonly destination: string },
): Promise<Place> {
  const source = await findNamedSource(context.db, params.source);
  const destination = await findNamedDestination(context, source.id, params.destination);
  const nameOf = await destinationNames(context, source.id);
  const parent = sourceName(context.environment, source.slug);
  return { destination, name: `${parent}/destinations/${nameOf(destination)}` };
}

/** The filter of a destination that a path names, with the mark of its id or without. Rejects with `not_found`. */
export function findNamedFilter(
  { db }: Pick<ReadContext, 'db'>,
  { destination }: Place,
  given: string,
): Promise<FilterRow> {
  return findFilter(db, destination.id, given.replace(/^df_/, ''));
}
