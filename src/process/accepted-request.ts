import type { LogRecord } from '../core/event-log.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { AcceptedMeta } from '../core/records.ts';
import { messageIdOf } from './message-id.ts';

/** One record of `accepted`, parsed. */
export interface AcceptedRequest {
  readonly meta: AcceptedMeta;
  /** The items of the batch, or the one call. */
  readonly items: readonly Json[];
  /** What the batch says for all of its items; undefined for a single call. */
  readonly envelope: JsonObject | undefined;
}

/**
 * Parses a request record; undefined when the body is not the JSON that ingest saw (damage, or a
 * defect: ingest accepts nothing else). Bytes that are not UTF-8 become U+FFFD.
 */
export function parseAcceptedRequest(record: LogRecord): AcceptedRequest | undefined {
  const meta = parseMeta(record.meta);
  const body = parseBody(record.body);
  if (!isJsonObject(body)) return undefined;
  if (meta.call !== undefined) return { meta, items: [body], envelope: undefined };
  const batch = body['batch'];
  return isJsonArray(batch) ? { meta, items: batch, envelope: body } : undefined;
}

/** The messageId of an item: its own, or one that is the same each time the request is read. */
export function idOf(request: AcceptedRequest, item: JsonObject, index: number): string {
  const id = item['messageId'];
  return typeof id === 'string' && id !== '' ? id : messageIdOf(request.meta.nonce ?? '', index);
}

/** By what an item is admitted once: its messageId, or the discard that it was, since that messageId is known already. */
export function dedupeIdOf(request: AcceptedRequest, item: JsonObject, index: number): string {
  const { of, by = of?.id } = request.meta.again ?? {};
  return by === undefined ? idOf(request, item, index) : `\u0000${by}`;
}

export function parseMeta(text: string): AcceptedMeta {
  return JSON.parse(text) as AcceptedMeta;
}

function parseBody(body: Buffer): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

function isJsonArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
