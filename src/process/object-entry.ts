import type { LogEntry, LogRecord } from '../core/event-log.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { ObjectMeta, StoredObject } from '../core/objects.ts';
import { recordKinds } from '../core/records.ts';
import { type AcceptedRequest, idOf } from './accepted-request.ts';
import { formatTime } from './format-time.ts';

/** An object on its way into `events`. */
export interface ObjectRecord {
  /** Its body as text. */
  readonly entry: Omit<LogEntry, 'body'> & { readonly body: string };
  /** By which it is admitted once. */
  readonly id: string;
  /** receivedAt, ms. */
  readonly t: number;
}

/** The record of an object (core/objects.ts) that ingest found good. */
export function objectEntry(
  { source, offset }: LogRecord,
  request: AcceptedRequest,
  item: JsonObject,
  index: number,
): ObjectRecord {
  const { t, test } = request.meta;
  const id = idOf(request, item, index);
  const { properties } = item;
  const [collection, object] = [String(item['collection']), String(item['id'])];
  const stored: StoredObject = {
    ...{ collection, id: object, properties: isJsonObject(properties) ? properties : {} },
    ...{ messageId: id, receivedAt: formatTime(t) },
  };
  const meta: ObjectMeta = {
    ...{ i: offset, n: index, t, id, collection, object },
    ...(test === true && { test }),
  };
  const entry = { kind: recordKinds.object, source, meta: JSON.stringify(meta) };
  return { entry: { ...entry, body: JSON.stringify(stored) }, id, t };
}
