import type { JsonObject } from '../../../core/json.ts';
import type { TSchema } from '../../schemas/type.ts';

/**
 * A declared schema as plain JSON, a copy of its own: a validator given an object that another
 * schema also holds has been seen to skip it.
 */
export function schemaJson(schema: TSchema): JsonObject {
  return JSON.parse(JSON.stringify(schema));
}

/** As `schemaJson`, refusing every key that is not declared: what an answer must fit. */
export function strictSchemaJson(schema: TSchema): JsonObject {
  return JSON.parse(JSON.stringify(schema), (_key, node) =>
    isClosedObject(node) ? { ...node, additionalProperties: false } : node,
  );
}

function isClosedObject(node: unknown): node is JsonObject {
  if (typeof node !== 'object' || node === null) return false;
  return 'properties' in node && 'type' in node && node.type === 'object';
}
