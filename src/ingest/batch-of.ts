import assert from 'node:assert/strict';
import type { Json, JsonObject } from '../core/json.ts';

/**
 * A batch of other items with the same envelope. Of the envelope it keeps what is merged into items
 * (spec tracking-api §2.2): the rest was not measured and may be nested without bound.
 */
export function batchOf(envelope: JsonObject, batch: readonly Json[]): JsonObject {
  const { context, integrations, sentAt } = envelope;
  return {
    ...(context === undefined ? {} : { context }),
    ...(integrations === undefined ? {} : { integrations }),
    ...(typeof sentAt === 'string' ? { sentAt } : {}),
    batch,
  };
}

/** The items of a batch. */
export function itemsOf(envelope: JsonObject): readonly Json[] {
  const items: Json | undefined = envelope['batch'];
  assert(Array.isArray(items), 'only a batch with an array gets here');
  return items;
}
