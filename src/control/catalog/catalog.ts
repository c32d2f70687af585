import type { DestinationKind } from '../../core/destination.ts';
import type { JsonObject } from '../../core/json.ts';
import { type SourceDefinition, sourceCatalog } from './source-catalog.ts';

/** What can be connected here: the kinds of sources and destinations this server knows. */
export interface Catalog {
  readonly sources: readonly SourceDefinition[];
  readonly destinations: readonly DestinationKind[];
  /** By id or by slug: Segment's clients know the ids, people the slugs. */
  source(idOrSlug: string): SourceDefinition | undefined;
  destination(idOrSlug: string): DestinationKind | undefined;
  /** Settings with the defaults of what is not set. */
  withDefaults(definition: DestinationKind, settings: JsonObject): JsonObject;
}

export function createCatalog(destinations: readonly DestinationKind[]): Catalog {
  const sourcesByName = byIdAndSlug(sourceCatalog);
  const destinationsByName = byIdAndSlug(destinations);
  return {
    sources: sourceCatalog,
    destinations,
    source: (name) => sourcesByName.get(name),
    destination: (name) => destinationsByName.get(name),
    withDefaults,
  };
}

function byIdAndSlug<Entry extends { readonly id: string; readonly slug: string }>(
  entries: readonly Entry[],
): ReadonlyMap<string, Entry> {
  return new Map(entries.flatMap((entry) => [[entry.slug, entry] as const, [entry.id, entry]]));
}

function withDefaults(definition: DestinationKind, settings: JsonObject): JsonObject {
  const complete = new Map(Object.entries(settings));
  for (const { name, defaultValue } of definition.options) {
    if (defaultValue !== undefined && !complete.has(name)) complete.set(name, defaultValue);
  }
  return Object.fromEntries(complete);
}
