import type { EventType } from '../core/event.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { isClientSide } from './client-ip.ts';
import { eventTimes } from './event-times.ts';
import { isJsonDraft, type JsonDraft, mergeDeep } from './merge-deep.ts';

/** What an event takes from its request, beside its item. */
export interface EventOrigin {
  readonly type: EventType;
  readonly messageId: string;
  /** Id of the source. */
  readonly source: string;
  /** Milliseconds since the epoch, and as text. */
  readonly receivedAt: number;
  readonly receivedAtText: string;
  /** IPv4 text of the connection, when it has one. */
  readonly ip: string | undefined;
  /** The batch around the item. */
  readonly envelope: JsonObject | undefined;
  /** What the source's policy makes of the finished context. */
  readonly policy?: ((context: JsonObject) => JsonObject) | undefined;
  /** What the source makes of the finished event; undefined: nothing is left of it. */
  readonly shape?: ((event: JsonObject) => JsonObject | undefined) | undefined;
}

/** Undefined: the source has let nothing of it through. */
export type BuiltEvent = MadeEvent | undefined;

interface MadeEvent {
  /** The event's JSON. */
  readonly json: string;
  /** Properties that were dropped because there were more than `limits.properties`. */
  readonly droppedProperties: number;
}

/** `"a":1,`: what has fewer characters than so many entries need is not looked through. */
const leastEntryLength = 5;

/**
 * The event as `events` holds it (spec tracking-api §2.2, §7), from an item that ingest found good.
 * What the client sent stays as it is, unknown fields too; `writeKey` goes, envelope context and
 * integrations are laid under the item's own, the stamps are made, `context.ip` is filled for
 * client-side libraries alone (§7.3), traits of an identify that stand in the context alone, where
 * RudderStack's SDKs put them, are laid where destinations look for them. `userAgent` is never filled: client-side libraries send their own.
 * The item is changed in place, because a copy costs as much as the rest.
 */
export function buildEvent(item: JsonDraft, origin: EventOrigin): BuiltEvent {
  const { envelope } = origin;
  const times = eventTimes(
    {
      timestamp: item['timestamp'],
      originalTimestamp: item['originalTimestamp'],
      sentAt: item['sentAt'],
      batchSentAt: envelope?.['sentAt'],
    },
    origin.receivedAt,
  );
  item['type'] = origin.type;
  item['messageId'] = origin.messageId;
  const context = withIp(merged(envelope?.['context'], item['context']), origin.ip);
  item['context'] = origin.policy === undefined ? context : origin.policy(context);
  if (origin.type === 'identify') item['traits'] ??= traitsIn(context);
  item['integrations'] = merged(envelope?.['integrations'], item['integrations']);
  item['originalTimestamp'] = times.originalTimestamp;
  // An undefined value is left out of the text, and cheaper than `delete`.
  item['sentAt'] = times.sentAt;
  item['timestamp'] = times.timestamp;
  item['receivedAt'] = origin.receivedAtText;
  item['version'] = 2;
  item['projectId'] = origin.source;
  if (item['writeKey'] !== undefined) item['writeKey'] = undefined;
  if (item['write_key'] !== undefined) item['write_key'] = undefined;
  const shaped = origin.shape === undefined ? item : origin.shape(item);
  if (!isJsonDraft(shaped)) return undefined;
  const json = JSON.stringify(shaped);
  if (json.length < limits.properties * leastEntryLength) return { json, droppedProperties: 0 };
  const droppedProperties = cut(shaped, 'properties') + cut(shaped, 'traits');
  return { json: droppedProperties > 0 ? JSON.stringify(shaped) : json, droppedProperties };
}

/** The item's object laid on the envelope's; what is no object counts as absent. */
function merged(below: Json | undefined, above: Json | undefined): JsonObject {
  if (!isJsonObject(below)) return isJsonObject(above) ? above : {};
  return isJsonObject(above) ? mergeDeep(below, above) : below;
}

function withIp(context: JsonObject, ip: string | undefined): JsonObject {
  if (ip === undefined || Object.hasOwn(context, 'ip') || !isClientSide(context)) return context;
  return { ...context, ip };
}

function traitsIn({ traits }: JsonObject): JsonObject | undefined {
  return isJsonObject(traits) ? traits : undefined;
}

/** Keeps the first `limits.properties` of an object; returns how many went (spec tracking-api §5). */
function cut(event: JsonDraft, key: 'properties' | 'traits'): number {
  const value = event[key];
  if (!isJsonObject(value)) return 0;
  const entries = Object.entries(value);
  if (entries.length <= limits.properties) return 0;
  event[key] = Object.fromEntries(entries.slice(0, limits.properties));
  return entries.length - limits.properties;
}
