import type { DestinationKind } from '../../core/destination.ts';
import type { JsonObject } from '../../core/json.ts';
import type { WarehouseKind } from '../../core/warehouse.ts';
import type { WorkspaceKinds } from '../functions/workspace-kinds.ts';
import { type SourceDefinition, sourceCatalog } from './source-catalog.ts';
import { warehouseCatalog } from './warehouse-catalog.ts';

/** A kind of which settings are kept, as far as they are concerned. */
export type Configurable = Pick<DestinationKind, 'options'>;

/** What can be connected here: the kinds of sources, warehouses and destinations this server knows. */
export interface Catalog {
  readonly sources: readonly SourceDefinition[];
  readonly destinations: readonly DestinationKind[];
  readonly warehouses: readonly WarehouseKind[];
  /** By id or by slug: Segment's clients know the ids, people the slugs. */
  source(idOrSlug: string): SourceDefinition | undefined;
  destination(idOrSlug: string): DestinationKind | undefined;
  warehouse(idOrSlug: string): WarehouseKind | undefined;
  /** The same with these functions in place of those it has. */
  withFunctions(kinds: WorkspaceKinds): Catalog;
  /** Settings with the defaults of what is not set. */
  withDefaults(definition: Configurable, settings: JsonObject): JsonObject;
}

export function createCatalog(destinations: readonly DestinationKind[]): Catalog {
  const sourcesByName = byIdAndSlug(sourceCatalog);
  const destinationsByName = byIdAndSlug(destinations);
  const warehousesByName = byIdAndSlug(warehouseCatalog);
  const plain: Catalog = {
    sources: sourceCatalog,
    destinations,
    warehouses: warehouseCatalog,
    source: (name) => sourcesByName.get(name),
    destination: (name) => destinationsByName.get(name),
    warehouse: (name) => warehousesByName.get(name),
    withFunctions: (kinds) => withFunctions(plain, kinds),
    withDefaults,
  };
  return plain;
}

function withFunctions(plain: Catalog, kinds: WorkspaceKinds): Catalog {
  if (kinds.sources.length === 0 && kinds.destinations.length === 0) return plain;
  const sources = byIdAndSlug(kinds.sources);
  const destinations = byIdAndSlug(kinds.destinations);
  return {
    ...plain,
    sources: [...plain.sources, ...kinds.sources],
    destinations: [...plain.destinations, ...kinds.destinations],
    source: (name) => plain.source(name) ?? sources.get(name),
    destination: (name) => plain.destination(name) ?? destinations.get(name),
  };
}

function byIdAndSlug<Entry extends { readonly id: string; readonly slug: string }>(
  entries: readonly Entry[],
): ReadonlyMap<string, Entry> {
  return new Map(entries.flatMap((entry) => [[entry.slug, entry] as const, [entry.id, entry]]));
}

function withDefaults(definition: Configurable, settings: JsonObject): JsonObject {
  const complete = new Map(Object.entries(settings));
  for (const { name, defaultValue } of definition.options) {
    if (defaultValue !== undefined && !complete.has(name)) complete.set(name, defaultValue);
  }
  return Object.fromEntries(complete);
}
