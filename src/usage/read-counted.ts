import { type DiscardCode, discardTable } from '../core/discard-codes.ts';
import type { LogRecord } from '../core/event-log.ts';
import { isJsonObject, type Json } from '../core/json.ts';
import { type DiscardMeta, type EventMeta, recordKinds } from '../core/records.ts';
import {
  type CountedDiscard,
  type CountedEvent,
  countedName,
  countedVersion,
} from '../core/usage/usage.ts';

/**
 * What a record of the log `events` counts for, and the input that it came from; `input` is undefined behind functions, where
 * the order of the input tells nothing.
 */
export type CountedRecord =
  | { readonly kind: 'event'; readonly event: CountedEvent; readonly input: number | undefined }
  | {
      readonly kind: 'discard';
      readonly discard: CountedDiscard;
      readonly input: number | undefined;
    };

/** The same as process says of the record when it writes it; undefined for a record that counts for nothing. */
export function readCounted(record: LogRecord): CountedRecord | undefined {
  const { source } = record;
  if (record.kind === recordKinds.event) {
    const { i, t, type, u, a, lane, staged, counted } = readEventMeta(record.meta);
    // Counted before it was sent again.
    if (lane !== undefined || counted === true) return undefined;
    const body: Json = JSON.parse(record.body.toString());
    const [name, context] = isJsonObject(body) ? [body['event'], body['context']] : [];
    const names = { name: countedName(type, name), version: countedVersion(context) };
    const event = { source, t, type, ...names, userId: u, anonymousId: a };
    return { kind: 'event', event, input: staged === true ? undefined : i };
  }
  if (record.kind !== recordKinds.discard) return undefined;
  const { id, t, code, type = '', event, count = 1, staged } = readDiscardMeta(record.meta);
  if (!isDiscardCode(code)) return undefined;
  const name = countedName(type, event);
  const input = staged === true ? undefined : Number.parseInt(id.split('-')[1] ?? '', 36);
  return { kind: 'discard', discard: { source, t, code, type, name, count }, input };
}

/** Whether it comes from a function, and not from process. Asked of every record: parses nothing. */
export function isReturned({ meta }: LogRecord): boolean {
  return meta.includes(',"staged":true');
}

function isDiscardCode(code: string): code is DiscardCode {
  return Object.hasOwn(discardTable, code);
}

function readEventMeta(text: string): EventMeta {
  return JSON.parse(text) as EventMeta;
}

function readDiscardMeta(text: string): DiscardMeta {
  return JSON.parse(text) as DiscardMeta;
}
