import type { ReadContext } from '../../context.ts';
import type { DestinationRow } from '../../destinations/find-destination.ts';
import { sourceName } from '../frame/resource-name.ts';
import { findNamedSource } from '../sources/find-named-source.ts';
import { destinationNames, findNamedDestination } from './destination-names.ts';

/** A destination and its full name. */
export interface NamedDestination {
  readonly destination: DestinationRow;
  readonly name: string;
}

/** The destination that a path names. Rejects with `not_found`. */
export async function namedDestination(
  context: Pick<ReadContext, 'db' | 'environment'>,
  params: { readonly source: string; readonly destination: string },
): Promise<NamedDestination> {
  const source = await findNamedSource(context.db, params.source);
  const destination = await findNamedDestination(context, source.id, params.destination);
  const nameOf = await destinationNames(context, source.id);
  const parent = sourceName(context.environment, source.slug);
  return { destination, name: `${parent}/destinations/${nameOf(destination)}` };
}
