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
