import type { JsonObject } from '../../../core/json.ts';
import { compileMapping, type Transform } from './compile-mapping.ts';

/** What the library finds where it asks for its own way to map: mappings that are in use are read once. */
export interface MappingKit {
  transform(mapping: JsonObject, event?: object, stats?: unknown): JsonObject;
  transformBatch(
    mapping: JsonObject,
    events?: readonly JsonObject[],
    stats?: unknown,
  ): JsonObject[];
}

/** In place of the library's `transform` and `transformBatch`. Mappings are those of subscriptions, which nobody changes. */
export function knownMappings({ transform, transformBatch }: MappingKit): MappingKit {
  const known = new WeakMap<JsonObject, ReturnType<typeof compileMapping>>();
  const own: Transform = (mapping, event) => transform(mapping, event);
  const compiled = (mapping: JsonObject) => {
    if (!known.has(mapping)) {
      // Throws for a mapping that cannot be.
      transformBatch(mapping, []);
      known.set(mapping, compileMapping(mapping, own));
    }
    return known.get(mapping);
  };
  return {
    transform: (mapping, event = {}, stats) => {
      const map = isPlain(event) ? compiled(mapping) : undefined;
      return map !== undefined && isPlain(event) ? map(event) : transform(mapping, event, stats);
    },
    transformBatch: (mapping, events = [], stats) => {
      const map = compiled(mapping);
      return map === undefined ? transformBatch(mapping, events, stats) : events.map(map);
    },
  };
}

function isPlain(event: object): event is JsonObject {
  return !Array.isArray(event);
}
