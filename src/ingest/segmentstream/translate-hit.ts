import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { isWithinDepth } from '../measure-json.ts';
import { type Payload, payloadOf } from '../payload.ts';
import { type Refusal, refusals } from '../refusal.ts';

const refused = {
  event: { code: 'event_not_defined', message: 'Missing required field: event', field: 'event' },
  eventKind: {
    code: 'event_not_object',
    message: 'Field must be an object: event',
    field: 'event',
  },
  ids: {
    code: 'no_user_anon_id',
    message: 'Missing required field: event.user.userId or event.user.anonymousId',
    field: 'event.user',
  },
  userId: {
    code: 'id_not_string',
    message: 'Field must be a string: event.user.userId',
    field: 'event.user.userId',
  },
  anonymousId: {
    code: 'id_not_string',
    message: 'Field must be a string: event.user.anonymousId',
    field: 'event.user.anonymousId',
  },
  hitId: {
    code: 'message_id_not_string',
    message: 'Field must be a string of at most 100 characters: hitId',
    field: 'hitId',
  },
} as const satisfies Record<string, Refusal>;

/**
 * The `track` call that a SegmentStream hit stands for (seed 003, spec tracking-api §2.9; the table is in
 * docs/guides/segmentstream.md). `hitId` becomes the messageId and `sentAt`, there the time of the event
 * itself, the `timestamp`: no clock is corrected by it. `event` without its user are the properties, the
 * rest of the user the traits in the context.
 */
export function translateHit(payload: Payload): Payload | Refusal {
  if (!isWithinDepth(payload.skimmed, limits.jsonDepth)) return refusals.tooDeep;
  const { hitId, sentAt, event, context, integrations } = payload.exact;
  if (event === undefined || event === null) return refused.event;
  if (!isJsonObject(event)) return refused.eventKind;
  if (context !== undefined && context !== null && !isJsonObject(context)) return refusals.context;
  const { user, ...properties } = event;
  const { userId, anonymousId, ...traits } = isJsonObject(user) ? user : {};
  const isNamed = isGiven(userId) || isGiven(anonymousId);
  if (!isNamed) return refused.ids;
  if (isGiven(userId) && typeof userId !== 'string') return refused.userId;
  if (isGiven(anonymousId) && typeof anonymousId !== 'string') return refused.anonymousId;
  if (isGiven(hitId) && (typeof hitId !== 'string' || [...hitId].length > limits.messageIdLength)) {
    return refused.hitId;
  }
  return payloadOf({
    type: 'track',
    event: nameOf(properties),
    ...(isGiven(userId) && { userId }),
    ...(isGiven(anonymousId) && { anonymousId }),
    ...(isGiven(hitId) && { messageId: hitId }),
    ...(isGiven(sentAt) && { timestamp: sentAt }),
    properties,
    context: contextOf(context, traits),
    ...(isGiven(integrations) && { integrations }),
  });
}

function isGiven(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** `event` is free-form: one without a name goes by its category. */
function nameOf({ name, category }: JsonObject): string {
  if (typeof name === 'string' && name !== '') return name;
  return typeof category === 'string' && category !== '' ? category : 'Event';
}

function contextOf(context: Json | undefined, traits: JsonObject): JsonObject {
  const given = isJsonObject(context) ? context : {};
  if (Object.keys(traits).length === 0) return given;
  const own = given['traits'];
  return { ...given, traits: isJsonObject(own) ? { ...traits, ...own } : traits };
}
