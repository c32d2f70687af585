/** The stage at which an event left the pipeline without being delivered. */
export type DiscardStage = 'ingest' | 'process' | 'deliver';

interface DiscardEntry {
  readonly stage: DiscardStage;
  /** One sentence for `docs/reference/discards.md`. */
  readonly meaning: string;
}

/**
 * Every reason for which one event is refused, dropped or given up. Names are those of the delivery
 * overview (spec tracking-api §6.4 and §13); ours are marked as such in the reference.
 */
export const discardTable = {
  empty_batch: { stage: 'ingest', meaning: 'The batch held no events.' },
  empty_batch_result: { stage: 'ingest', meaning: 'No event of the batch was valid.' },
  multi_user_error: {
    stage: 'ingest',
    meaning: 'Some events of the batch were refused; the others were kept.',
  },
  batch_too_long: {
    stage: 'ingest',
    meaning: 'The event stands beyond the number of events a batch may hold.',
  },
  event_too_large: { stage: 'ingest', meaning: 'The event is larger than the source allows.' },
  message_id_too_long: { stage: 'ingest', meaning: '`messageId` is longer than 100 characters.' },
  message_id_not_string: { stage: 'ingest', meaning: '`messageId` is not a string.' },
  source_disabled: { stage: 'ingest', meaning: 'The source is disabled.' },
  oauth_required: {
    stage: 'ingest',
    meaning: 'The source requires OAuth, and the request brought no access token.',
  },
  oauth_token_invalid: {
    stage: 'ingest',
    meaning: 'The access token was not made by this server, or its OAuth app is gone.',
  },
  oauth_token_expired: {
    stage: 'ingest',
    meaning: 'The access token has expired or was revoked; another one can be had.',
  },
  oauth_scope_missing: {
    stage: 'ingest',
    meaning: 'The access token is not good for `tracking_api:write`.',
  },
  oauth_source_not_connected: {
    stage: 'ingest',
    meaning: 'The OAuth app of the access token may not write to the source.',
  },
  type_not_supported: {
    stage: 'ingest',
    meaning: '`type` is missing or is not one of the six calls.',
  },
  no_user_anon_id: { stage: 'ingest', meaning: 'Neither `userId` nor `anonymousId` is given.' },
  id_not_string: { stage: 'ingest', meaning: '`userId` or `anonymousId` is not a string.' },
  id_required: { stage: 'ingest', meaning: '`userId` or `anonymousId` is an empty string.' },
  event_not_defined: { stage: 'ingest', meaning: 'A track call lacks `event`.' },
  event_not_string: { stage: 'ingest', meaning: '`event` is not a string.' },
  event_not_object: {
    stage: 'ingest',
    meaning: '`event` of a SegmentStream hit is not an object.',
  },
  properties_not_object: { stage: 'ingest', meaning: '`properties` is not an object.' },
  traits_not_object: { stage: 'ingest', meaning: '`traits` is not an object.' },
  context_not_object: { stage: 'ingest', meaning: '`context` is not an object.' },
  integrations_not_object: { stage: 'ingest', meaning: '`integrations` is not an object.' },
  name_not_string: {
    stage: 'ingest',
    meaning: '`name` of a page or screen call is empty or not a string.',
  },
  category_not_string: {
    stage: 'ingest',
    meaning: '`category` of a page or screen call is not a string.',
  },
  group_id_required: { stage: 'ingest', meaning: 'A group call lacks `groupId`.' },
  previous_id_required: { stage: 'ingest', meaning: 'An alias call lacks `previousId`.' },
  collection_not_valid: {
    stage: 'ingest',
    meaning:
      '`collection` of an object is not a name of lower-case letters and `_`, at most 100 characters, with a letter at both ends.',
  },
  object_id_not_valid: {
    stage: 'ingest',
    meaning: '`id` of an object is not a string of 1 to 100 characters.',
  },
  object_properties_not_valid: {
    stage: 'ingest',
    meaning: '`properties` of an object is not an object, or holds lists or objects.',
  },
  consent_categorypreferences_should_exist: {
    stage: 'ingest',
    meaning: 'A consent event lacks `context.consent.categoryPreferences`.',
  },
  consent_categorypreferences_fields_should_be_object: {
    stage: 'ingest',
    meaning: '`context.consent.categoryPreferences` is not an object.',
  },
  consent_categorypreferences_fields_should_be_bool: {
    stage: 'ingest',
    meaning: 'A consent category is not a boolean.',
  },
  device_advertisingid_should_be_string: {
    stage: 'ingest',
    meaning: '`context.device.advertisingId` is not a string.',
  },
  consent_version_should_be_number: {
    stage: 'ingest',
    meaning: '`context.consent.version` is not a number.',
  },
  bad_request: {
    stage: 'ingest',
    meaning: 'The item is not an object, or is nested deeper than the server reads.',
  },
  function_rejected: {
    stage: 'process',
    meaning:
      'The source function failed on the request in a way that is not worth repeating; the message says which.',
  },
  bot_refused: {
    stage: 'process',
    meaning: 'The user agent is a known bot, and the source refuses bots.',
  },
  prefetch_refused: {
    stage: 'process',
    meaning: 'The headers say that the page was only fetched ahead, and the source refuses that.',
  },
  event_setting: {
    stage: 'process',
    meaning: 'The event is switched off in the schema of the source (`plan.track`).',
  },
  unplanned: {
    stage: 'process',
    meaning: 'The event is not in the tracking plan, and the source blocks such events.',
  },
  schema_violation: {
    stage: 'process',
    meaning:
      'The event breaks its rule of the tracking plan, and the source blocks such events; the message says how.',
  },
  unplanned_and_schema_violation: {
    stage: 'process',
    meaning:
      'As `schema_violation`, and the event has properties that are not in the plan; the message says how.',
  },
  common_schema_violation: {
    stage: 'process',
    meaning:
      'The event breaks the common rule of the tracking plan, and the source blocks such events; the message says how.',
  },
  dropped_by_transformation: {
    stage: 'process',
    meaning: 'A transformation of the source drops the event.',
  },
  source_transformation_failed: {
    stage: 'process',
    meaning:
      'A condition or an expression of a transformation of the source has no value on the event, such as `>` between texts.',
  },
  user_suppressed: {
    stage: 'process',
    meaning:
      'The user is suppressed by a regulation, or the event is from before the deletion of its user; counted, no payload kept, also where it was on its way already.',
  },
  duplicate: {
    stage: 'process',
    meaning:
      'An event with this messageId was taken within the dedupe window; counted, no payload kept.',
  },
  expired: {
    stage: 'deliver',
    meaning:
      'The log was trimmed before the destination took the events; `from`, `to` and `count` say which.',
  },
  filtered_by_integrations_object: {
    stage: 'deliver',
    meaning:
      'The `integrations` object of the event excludes the destination; counted, no payload kept.',
  },
  filtered_by_rules: {
    stage: 'deliver',
    meaning: 'A filter of the destination drops the event; counted, no payload kept.',
  },
  filtered_by_sampling: {
    stage: 'deliver',
    meaning:
      'A filter of the destination samples events, and this one is not among the sample; counted, no payload kept.',
  },
  filter_failed: {
    stage: 'deliver',
    meaning:
      'The condition of a filter has no truth value on the event, such as `>` between texts: it is not sent; counted, no payload kept.',
  },
  filtered_by_source_schema: {
    stage: 'deliver',
    meaning:
      'The schema of the source does not give the event to the destination (`plan.track`); counted, no payload kept.',
  },
  filtered_by_transformation: {
    stage: 'deliver',
    meaning: 'A transformation of the destination drops the event; counted, no payload kept.',
  },
  transformation_failed: {
    stage: 'deliver',
    meaning:
      'A condition or an expression of a transformation of the destination has no value on the event: it is not sent; counted, no payload kept.',
  },
  filtered_by_end_user_consent: {
    stage: 'deliver',
    meaning:
      'The user has not consented to all categories of the destination; counted, no payload kept.',
  },
  filtered_by_key_mode: {
    stage: 'deliver',
    meaning:
      'The event came by a test key and the destination takes live events, or the other way round; counted, no payload kept.',
  },
  message_sent_client_side: {
    stage: 'deliver',
    meaning:
      'The client delivered the event itself (`_metadata.bundled`); counted, no payload kept.',
  },
  destination_disabled: {
    stage: 'deliver',
    meaning: 'The destination was disabled or deleted while the event waited.',
  },
  unsupported_event_type: {
    stage: 'deliver',
    meaning: 'The destination does not take this type of call.',
  },
  no_matching_mapping: {
    stage: 'deliver',
    meaning: 'No subscription of the destination takes the event; counted, no payload kept.',
  },
  payload_validation_failed: {
    stage: 'deliver',
    meaning:
      'What the mapping made of the event does not fit the action; the message names the field.',
  },
  invalid_settings: {
    stage: 'deliver',
    meaning: 'A setting of the destination is missing or unusable; the message names it.',
  },
  target_refused: {
    stage: 'deliver',
    meaning: 'The address of the destination is private or reserved and not allowed here.',
  },
  message_rejected: {
    stage: 'deliver',
    meaning: 'The destination refused the event with a status that is not worth repeating.',
  },
  filtered_at_insert_function: {
    stage: 'deliver',
    meaning: 'The insert function of the source or destination dropped the event.',
  },
  function_failed: {
    stage: 'deliver',
    meaning:
      'The code of a function threw an error of its own, or broke a bound again and again; the message says which.',
  },
  retries_exhausted: {
    stage: 'deliver',
    meaning:
      'The destination did not take the event within the retry time; the last failure is in the message.',
  },
  internal: { stage: 'deliver', meaning: 'An unknown exception met a bounded number of tries.' },
} as const satisfies Record<string, DiscardEntry>;

export type DiscardCode = keyof typeof discardTable;
