import type { DestinationDefinition } from '../../core/destination.ts';
import type { JsonObject } from '../../core/json.ts';
import { type SourceDefinition, sourceCatalog } from './source-catalog.ts';

/** What can be connected here: the kinds of sources and destinations this server knows. */
export interface Catalog {
  readonly sources: readonly SourceDefinition[];
  readonly destinations: readonly DestinationDefinition[];
  source(id: string): SourceDefinition | undefined;
  destination(id: string): DestinationDefinition | undefined;
  /** Settings with the defaults of what is not set. */
  withDefaults(definition: DestinationDefinition, settings: JsonObject): JsonObject;
}

export function createCatalog(destinations: readonly DestinationDefinition[]): Catalog {
  const sourcesById = new Map(sourceCatalog.map((source) => [source.id, source]));
  const destinationsById = new Map(destinations.map((definition) => [definition.id, definition]));
  return {
    sources: sourceCatalog,
    destinations,
    source: (id) => sourcesById.get(id),
    destination: (id) => destinationsById.get(id),
    withDefaults,
  };
}

function withDefaults(definition: DestinationDefinition, settings: JsonObject): JsonObject {
  const complete = new Map(Object.entries(settings));
  for (const { name, defaultValue } of definition.options) {
    if (defaultValue !== undefined && !complete.has(name)) complete.set(name, defaultValue);
  }
  return Object.fromEntries(complete);
}
