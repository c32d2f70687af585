import assert from 'node:assert/strict';
import type { DiscardCode } from '../core/discard-codes.ts';
import { isEventType } from '../core/event.ts';
import { briefOf } from '../core/event-brief.ts';
import type { LogEntry, LogRecord } from '../core/event-log.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { objectItemType } from '../core/objects.ts';
import { orderIdsOf } from '../core/order-ids.ts';
import { type Again, type EventMeta, recordKinds } from '../core/records.ts';
import { type CountedEvent, countedName } from '../core/usage/usage.ts';
import {
  type AcceptedRequest,
  dedupeIdOf,
  idOf,
  parseAcceptedRequest,
  parseMeta,
} from './accepted-request.ts';
import { buildEvent } from './build-event.ts';
import { ipv4Of } from './client-ip.ts';
import type { DiscardCollector } from './discard-collector.ts';
import { formatTime } from './format-time.ts';
import { isJsonDraft } from './merge-deep.ts';
import { type ObjectRecord, objectEntry } from './object-entry.ts';
import type { EventPolicy } from './policy/event-policy.ts';
import type { ShapedEvent, SourceShaper } from './shaping/source-shaper.ts';

/** Where the outcome of each item goes, in the order of the input. */
export interface Outlet {
  /** `dedupeId`: by which it is admitted once. */
  event(entry: LogEntry, dedupeId: string, counted: CountedEvent): void;
  /** One for the warehouses. */
  object(made: ObjectRecord): void;
  readonly discards: DiscardCollector;
  droppedProperties(source: string, count: number): void;
  /** The text as UTF-8, valid as long as the batch. */
  bytes(text: string): Buffer;
  /** Bytes that one event of the source may have. */
  eventBytes(source: string): number;
  /** Undefined for a source that asks for nothing. */
  policy(source: string): EventPolicy | undefined;
  /** `undefined` for a source that asks for nothing; `later` where its insert function comes first. */
  shaper(source: string): SourceShaper | 'later' | undefined;
  /** What a shaper made of an event of its source, before dedupe. */
  shaped(shaper: SourceShaper, event: JsonObject, shaped: ShapedEvent): void;
  /** Whether an item of the source is of a suppressed user; absent while nobody is. */
  readonly suppressed?: ((source: string, item: JsonObject) => boolean) | undefined;
}

/** Bytes that our stamps may add to what the client sent. */
const stampBytes = 1_024;
/** Bytes of a record that its meta may take. */
const metaBytes = 16 * 1_024;

/**
 * Turns one request of `accepted` into events and discards (spec tracking-api §6.3, §7; appendix A).
 * Ingest has judged the items already; here only what the envelope adds can make one too large.
 * The same record always gives the same outcome. Returns the request's receivedAt.
 */
export function processRequest(record: LogRecord, outlet: Outlet): number {
  const request = parseAcceptedRequest(record);
  if (request === undefined) {
    const { source, offset, body } = record;
    const { t, discard: code = 'bad_request' } = parseMeta(record.meta);
    outlet.discards.add({ source, input: offset, item: 0, code, receivedAt: t, raw: body });
    return t;
  }
  const { meta, items } = request;
  if (meta.again?.of !== undefined) {
    takeAgain(record, request, meta.again.of, outlet);
    return meta.t;
  }
  if (meta.discard !== undefined && items.length === 0) {
    discard(record, request, outlet, 0, meta.discard);
    return meta.t;
  }
  const refused = new Map(meta.refused?.map((entry) => [entry[0], entry]));
  if (refused.size > 0 && meta.call === undefined) {
    const code = refused.size < items.length ? 'multi_user_error' : 'empty_batch_result';
    outlet.discards.count(record.source, code);
  }
  const build = eventBuilder(record, request, outlet);
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    const refusal = refused.size === 0 ? undefined : refused.get(index);
    if (refusal !== undefined) discard(record, request, outlet, index, refusal[1], refusal[2]);
    else if (meta.discard !== undefined) discard(record, request, outlet, index, meta.discard);
    else build(item, index);
  }
  return meta.t;
}

function discard(
  record: LogRecord,
  request: AcceptedRequest,
  outlet: Outlet,
  item: number,
  code: DiscardCode,
  field?: string,
  detail?: string,
): void {
  const { source, offset } = record;
  const value = request.items[item];
  if (isSuppressed(value, source, request.meta, outlet)) return;
  outlet.discards.add({
    source,
    input: offset,
    item,
    code,
    receivedAt: request.meta.t,
    field,
    detail,
    value,
    call: request.meta.call,
  });
}

function blockOf(shaped: ShapedEvent | undefined): { code: DiscardCode; detail?: string } {
  assert(shaped?.kind === 'blocked', 'nothing else lets nothing through');
  return shaped;
}

/** What turns the good items of one request into records. */
function eventBuilder(
  record: LogRecord,
  request: AcceptedRequest,
  outlet: Outlet,
): (item: Json | undefined, index: number) => void {
  const { source, offset } = record;
  const { meta, envelope } = request;
  const shared = sharedBytes(envelope);
  const whole = limits.logRecordBytes - metaBytes;
  const most = shared === 0 ? whole : Math.min(whole, outlet.eventBytes(source) + stampBytes);
  const receivedAt = meta.again?.t ?? meta.t;
  const receivedAtText = formatTime(receivedAt);
  const ip = ipv4Of(meta.ip);
  const policy = outlet.policy(source);
  // What the insert function of its source gave up was an event then.
  const isKnown = meta.again?.by !== undefined;
  const asked = outlet.shaper(source);
  const shaper = asked === 'later' ? undefined : asked;
  let total = 0;
  // Building changes the items, and a discard holds what the client sent.
  let untouched: AcceptedRequest | undefined;
  return (item, index) => {
    if (!isJsonDraft(item)) return discard(record, request, outlet, index, 'bad_request');
    const type = meta.call ?? item['type'];
    if (type === objectItemType) return outlet.object(objectEntry(record, request, item, index));
    if (!isEventType(type)) return discard(record, request, outlet, index, 'type_not_supported');
    if (isSuppressed(item, source, meta, outlet)) return;
    if (total + shared > limits.requestEventsBytes) {
      return discard(record, request, outlet, index, 'event_too_large');
    }
    const bot = policy?.bot(meta, item, envelope);
    const refusal = bot === undefined ? undefined : policy?.refusal(bot);
    if (refusal !== undefined) return discard(record, request, outlet, index, refusal);
    const messageId = idOf(request, item, index);
    let shaped: ShapedEvent | undefined;
    const built = buildEvent(item, {
      type,
      messageId,
      source,
      receivedAt,
      receivedAtText,
      ip,
      envelope,
      policy: policy && ((context) => policy.apply(context, meta, bot)),
      shape:
        shaper &&
        ((event) => {
          shaped = shaper.shape(event, type, meta.again?.forwarded === true);
          outlet.shaped(shaper, event, shaped);
          return shaped.kind === 'event' ? shaped.event : undefined;
        }),
    });
    if (built === undefined) {
      untouched ??= parseAcceptedRequest(record) ?? request;
      const { code, detail } = blockOf(shaped);
      return discard(record, untouched, outlet, index, code, undefined, detail);
    }
    const { json, droppedProperties } = built;
    const body = outlet.bytes(json);
    if (body.length > most) {
      untouched ??= parseAcceptedRequest(record) ?? request;
      return discard(record, untouched, outlet, index, 'event_too_large');
    }
    total += body.length;
    if (droppedProperties > 0) outlet.droppedProperties(source, droppedProperties);
    const ids = orderIdsOf(item);
    const k = briefOf(type, shaped?.kind === 'event' ? shaped.event : item);
    // Counted as it came.
    const [name, version] = shaped === undefined ? k : briefOf(type, item);
    const eventMeta: EventMeta = {
      i: offset,
      n: index,
      t: meta.t,
      type,
      id: messageId,
      ...ids,
      ...(meta.test === true && { test: true }),
      ...(asked === 'later' && { raw: true }),
      ...(asked === 'later' && meta.again?.forwarded === true && { forwarded: true }),
      k,
    };
    const entry = { kind: recordKinds.event, source, meta: JSON.stringify(eventMeta), body };
    outlet.event(entry, isKnown ? dedupeIdOf(request, item, index) : messageId, {
      source,
      t: meta.t,
      type,
      name,
      version,
      userId: ids.u,
      anonymousId: ids.a,
    });
  };
}

/** An event that a destination gave up, unchanged: it has been through all that follows here. */
function takeAgain(
  record: LogRecord,
  request: AcceptedRequest,
  { lane }: NonNullable<Again['of']>,
  outlet: Outlet,
): void {
  const { source, offset } = record;
  const { meta } = request;
  const [item] = request.items;
  const type = isJsonObject(item) ? item['type'] : undefined;
  if (!isJsonObject(item) || !isEventType(type)) {
    discard(record, request, outlet, 0, 'bad_request');
    return;
  }
  if (isSuppressed(item, source, meta, outlet)) return;
  const ids = orderIdsOf(item);
  const eventMeta: EventMeta = {
    ...{ i: offset, n: 0, t: meta.t, type, id: idOf(request, item, 0), ...ids, lane },
  };
  const body = outlet.bytes(record.body.toString());
  const entry = { kind: recordKinds.event, source, meta: JSON.stringify(eventMeta), body };
  outlet.event(entry, dedupeIdOf(request, item, 0), {
    ...{ source, t: meta.t, type, name: countedName(type, item['event']), version: '' },
    ...{ userId: ids.u, anonymousId: ids.a, isAgain: true },
  });
}

/** Whether an item is of a suppressed user: counted then, and nothing of it is kept. */
function isSuppressed(
  item: Json | undefined,
  source: string,
  { t, call }: AcceptedRequest['meta'],
  outlet: Outlet,
): boolean {
  if (outlet.suppressed === undefined || !isJsonObject(item)) return false;
  if (!outlet.suppressed(source, item)) return false;
  outlet.discards.countUnlogged(source, 'user_suppressed', t, call ?? item['type']);
  return true;
}

/** Bytes, about, that the envelope adds to each item. */
function sharedBytes(envelope: JsonObject | undefined): number {
  const context = envelope?.['context'];
  const integrations = envelope?.['integrations'];
  return (
    (isJsonObject(context) ? JSON.stringify(context).length : 0) +
    (isJsonObject(integrations) ? JSON.stringify(integrations).length : 0)
  );
}
