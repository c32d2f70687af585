import type { DiscardCode } from '../core/discard-codes.ts';

/** Why one event is not taken. */
export interface Refusal {
  readonly code: DiscardCode;
  /** Says which field in the words of seed 001. */
  readonly message: string;
  /** The field at fault, dotted; absent where several could mend it. */
  readonly field?: string;
}

function missing(code: DiscardCode, field: string): Refusal {
  return { code, message: `Missing required field: ${field}`, field };
}

function wrong(code: DiscardCode, field: string, kind: string): Refusal {
  return { code, message: `Field must be ${kind}: ${field}`, field };
}

const preferences = 'context.consent.categoryPreferences';

/** Every refusal an event can meet. */
export const refusals = {
  unreadableData: {
    code: 'bad_request',
    message: 'Field must be a JSON object, in base64 or as it is: data',
    field: 'data',
  },
  notObject: { code: 'bad_request', message: 'The event is not a JSON object' },
  tooDeep: { code: 'bad_request', message: 'The event is nested too deeply' },
  tooLarge: { code: 'event_too_large', message: 'The event is too large' },
  batchTooLong: { code: 'batch_too_long', message: 'The batch holds too many events' },
  type: {
    code: 'type_not_supported',
    message: 'Field must be identify, track, page, screen, group or alias: type',
    field: 'type',
  },
  collection: wrong(
    'collection_not_valid',
    'collection',
    'a name of lower-case letters and _, at most 100 characters',
  ),
  objects: wrong('bad_request', 'objects', 'a list with 1 to 10 objects'),
  tooManyObjects: wrong('batch_too_long', 'objects', 'a list with 1 to 10 objects'),
  objectId: wrong('object_id_not_valid', 'id', 'a string of 1 to 100 characters'),
  objectProperties: wrong('object_properties_not_valid', 'properties', 'an object'),
  objectNested: wrong('object_properties_not_valid', 'properties', 'without lists and objects'),
  noIds: { code: 'no_user_anon_id', message: 'Missing required field: userId or anonymousId' },
  userIdKind: wrong('id_not_string', 'userId', 'a string'),
  userIdEmpty: wrong('id_required', 'userId', 'a non-empty string'),
  anonymousIdKind: wrong('id_not_string', 'anonymousId', 'a string'),
  anonymousIdEmpty: wrong('id_required', 'anonymousId', 'a non-empty string'),
  eventMissing: missing('event_not_defined', 'event'),
  eventKind: wrong('event_not_string', 'event', 'a string'),
  properties: wrong('properties_not_object', 'properties', 'an object'),
  traits: wrong('traits_not_object', 'traits', 'an object'),
  context: wrong('context_not_object', 'context', 'an object'),
  integrations: wrong('integrations_not_object', 'integrations', 'an object'),
  name: wrong('name_not_string', 'name', 'a non-empty string'),
  category: wrong('category_not_string', 'category', 'a string'),
  groupIdMissing: missing('group_id_required', 'groupId'),
  groupIdKind: wrong('id_not_string', 'groupId', 'a string'),
  previousIdMissing: missing('previous_id_required', 'previousId'),
  previousIdKind: wrong('id_not_string', 'previousId', 'a string'),
  messageIdKind: wrong('message_id_not_string', 'messageId', 'a string'),
  messageIdLong: wrong('message_id_too_long', 'messageId', 'at most 100 characters'),
  advertisingId: wrong(
    'device_advertisingid_should_be_string',
    'context.device.advertisingId',
    'a string',
  ),
  consentVersion: wrong('consent_version_should_be_number', 'context.consent.version', 'a number'),
  preferencesMissing: missing('consent_categorypreferences_should_exist', preferences),
  preferencesKind: wrong(
    'consent_categorypreferences_fields_should_be_object',
    preferences,
    'an object',
  ),
  preferenceKind: wrong(
    'consent_categorypreferences_fields_should_be_bool',
    preferences,
    'booleans throughout',
  ),
} as const satisfies Record<string, Refusal>;
