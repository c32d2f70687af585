import { consentEvent, type EventType } from '../core/event.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { type Refusal, refusals } from './refusal.ts';
import { validateContext } from './validate-context.ts';

/**
 * The validation matrix (spec tracking-api, Appendix A). A null field is an absent one: SDKs send
 * explicit nulls. `shared` is the context of the batch envelope, on which the event's own lies.
 */
export function validateEvent(
  type: EventType,
  event: JsonObject,
  shared?: JsonObject,
): Refusal | undefined {
  return (
    validateIds(event) ??
    validateFields(type, event) ??
    validateMessageId(event['messageId']) ??
    validateBags(event, shared)
  );
}

/** True when the event brings no messageId, so that the server has to make one. */
export function lacksMessageId(event: JsonObject): boolean {
  const id = event['messageId'];
  return id === undefined || id === null || id === '';
}

function validateIds(event: JsonObject): Refusal | undefined {
  const userId = event['userId'] ?? undefined;
  const anonymousId = event['anonymousId'] ?? undefined;
  if (userId === undefined && anonymousId === undefined) return refusals.noIds;
  if (userId !== undefined && typeof userId !== 'string') return refusals.userIdKind;
  if (anonymousId !== undefined && typeof anonymousId !== 'string') return refusals.anonymousIdKind;
  if (anonymousId === '') return refusals.anonymousIdEmpty;
  // RudderStack's browser SDK sends an empty userId until there is one.
  return userId === '' && anonymousId === undefined ? refusals.userIdEmpty : undefined;
}

function validateFields(type: EventType, event: JsonObject): Refusal | undefined {
  switch (type) {
    case 'track':
      return validateName(event['event']) ?? bag(event['properties'], refusals.properties);
    case 'identify':
      return bag(event['traits'], refusals.traits);
    case 'page':
    case 'screen':
      return validatePage(event) ?? bag(event['properties'], refusals.properties);
    case 'group':
      return (
        requiredId(event['groupId'], refusals.groupIdMissing, refusals.groupIdKind) ??
        bag(event['traits'], refusals.traits)
      );
    case 'alias':
      return requiredId(event['previousId'], refusals.previousIdMissing, refusals.previousIdKind);
  }
}

function validateName(name: Json | undefined): Refusal | undefined {
  if (name === undefined || name === null || name === '') return refusals.eventMissing;
  return typeof name === 'string' ? undefined : refusals.eventKind;
}

function validatePage(event: JsonObject): Refusal | undefined {
  const name = event['name'] ?? undefined;
  if (name !== undefined && (typeof name !== 'string' || name === '')) return refusals.name;
  const category = event['category'] ?? undefined;
  if (category !== undefined && typeof category !== 'string') return refusals.category;
  return undefined;
}

function requiredId(id: Json | undefined, missing: Refusal, kind: Refusal): Refusal | undefined {
  if (id === undefined || id === null || id === '') return missing;
  return typeof id === 'string' ? undefined : kind;
}

function validateMessageId(id: Json | undefined): Refusal | undefined {
  if (id === undefined || id === null) return undefined;
  if (typeof id !== 'string') return refusals.messageIdKind;
  if (id.length <= limits.messageIdLength) return undefined;
  // Skimmed, the text has a character for each byte: what counts is the characters meant.
  const meant = Buffer.from(id, 'latin1').toString();
  return meant.length > limits.messageIdLength ? refusals.messageIdLong : undefined;
}

function validateBags(event: JsonObject, shared: JsonObject | undefined): Refusal | undefined {
  const fault = bag(event['integrations'], refusals.integrations);
  if (fault !== undefined) return fault;
  const context = event['context'] ?? undefined;
  if (context === undefined && shared === undefined && event['event'] !== consentEvent) {
    return undefined;
  }
  if (context !== undefined && !isJsonObject(context)) return refusals.context;
  return validateContext(context, shared, event['event'] === consentEvent);
}

function bag(value: Json | undefined, fault: Refusal): Refusal | undefined {
  return value === undefined || value === null || isJsonObject(value) ? undefined : fault;
}
