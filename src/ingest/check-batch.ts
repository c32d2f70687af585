import { type EventType, isEventType } from '../core/event.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { objectItemType } from '../core/objects.ts';
import { itemsOf } from './batch-of.ts';
import { isWithinDepth, sizeBound } from './measure-json.ts';
import { validateObject } from './objects/validate-object.ts';
import type { Payload } from './payload.ts';
import { type Refusal, refusals } from './refusal.ts';
import { lacksMessageId, validateEvent } from './validate-event.ts';

/** One refused item and its place in the batch. */
export interface Rejection {
  readonly index: number;
  readonly refusal: Refusal;
}

export interface BatchVerdict {
  readonly rejections: readonly Rejection[];
  /** Items to be kept. */
  readonly good: number;
  /** A good item brings no messageId. */
  readonly needsNonce: boolean;
  /** Items to be recorded: those behind are so far beyond the bound that they are only counted. */
  readonly recorded: number;
}

export interface BatchBounds {
  /** Bytes of one event. */
  readonly eventBytes: number;
  readonly batchEvents: number;
}

/** Why a whole batch is refused: its envelope is malformed (spec tracking-api §6.3, C4). */
export function checkEnvelope(body: JsonObject): Refusal | undefined {
  const context = body['context'] ?? undefined;
  if (context !== undefined && !isJsonObject(context)) return refusals.context;
  const integrations = body['integrations'] ?? undefined;
  if (integrations !== undefined && !isJsonObject(integrations)) return refusals.integrations;
  const isShallow =
    isWithinDepth(context, limits.jsonDepth) && isWithinDepth(integrations, limits.jsonDepth);
  return isShallow ? undefined : refusals.tooDeep;
}

/**
 * Checks each item by itself: bad ones are listed, the others are good. In a body no larger than an
 * event may be, no item is measured.
 */
export function checkBatch(
  payload: Payload,
  items: readonly Json[],
  bounds: BatchBounds,
  takesObjects: boolean,
): BatchVerdict {
  const envelope = payload.skimmed['context'];
  const shared = isJsonObject(envelope) ? envelope : undefined;
  const within = Math.min(items.length, bounds.batchEvents);
  const most = payload.bytes.length > bounds.eventBytes ? bounds.eventBytes : Number.MAX_VALUE;
  const rejections: Rejection[] = [];
  let needsNonce = false;
  for (let index = 0; index < within; index++) {
    const item = items[index];
    const isSuspect = sizeBound(item, limits.jsonDepth) > most;
    let refusal = isSuspect ? measure(payload, index, most) : undefined;
    if (!isJsonObject(item)) refusal ??= refusals.notObject;
    else {
      refusal ??= checkItem(item, shared, takesObjects);
      if (refusal === undefined && lacksMessageId(item)) needsNonce = true;
    }
    if (refusal !== undefined) rejections.push({ index, refusal });
  }
  const good = within - rejections.length;
  const recorded = Math.min(items.length, bounds.batchEvents + limits.refusedItems);
  for (let index = within; index < recorded; index++) {
    const isShallow = isWithinDepth(items[index], limits.jsonDepth);
    rejections.push({ index, refusal: isShallow ? refusals.batchTooLong : refusals.tooDeep });
  }
  return { rejections, good, needsNonce, recorded };
}

function checkItem(
  item: JsonObject,
  shared: JsonObject | undefined,
  takesObjects: boolean,
): Refusal | undefined {
  const type: Json | undefined = item['type'];
  if (takesObjects && type === objectItemType) return validateObject(item);
  return isEventType(type) ? validateEvent(type, item, shared) : refusals.type;
}

/** The exact size, for the few items whose bound says they may be too large. */
function measure(payload: Payload, index: number, most: number): Refusal | undefined {
  const item = itemsOf(payload.exact)[index];
  if (!isWithinDepth(item, limits.jsonDepth)) return refusals.tooDeep;
  return Buffer.byteLength(JSON.stringify(item)) > most ? refusals.tooLarge : undefined;
}

/** Checks the event of a single-call path; the path decides its type (spec §2.1). */
export function checkSingle(type: EventType, event: JsonObject): Refusal | undefined {
  if (!isWithinDepth(event, limits.jsonDepth)) return refusals.tooDeep;
  return validateEvent(type, event);
}
