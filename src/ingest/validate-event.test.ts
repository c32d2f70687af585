import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventType } from '../core/event.ts';
import type { JsonObject } from '../core/json.ts';
import { lacksMessageId, validateEvent } from './validate-event.ts';

const id = { userId: 'u' };
const consent = 'Segment Consent Preference Updated';
const withPreferences = (categoryPreferences: JsonObject[string]) => ({
  ...id,
  event: consent,
  context: { consent: { categoryPreferences } },
});

type Row = readonly [type: EventType, event: JsonObject, code: string | undefined, field?: string];

const rows: readonly Row[] = [
  ['identify', {}, 'no_user_anon_id'],
  ['identify', { userId: null, anonymousId: null }, 'no_user_anon_id'],
  ['identify', { userId: null, anonymousId: 'a' }, undefined],
  ['identify', { userId: 'u', anonymousId: null }, undefined],
  ['identify', { userId: 7 }, 'id_not_string', 'userId'],
  ['identify', { userId: {} }, 'id_not_string', 'userId'],
  ['identify', { userId: '' }, 'id_required', 'userId'],
  ['identify', { userId: '', anonymousId: 'a' }, undefined],
  ['identify', { userId: '', anonymousId: '' }, 'id_required', 'anonymousId'],
  ['identify', { userId: 'u', anonymousId: 7 }, 'id_not_string', 'anonymousId'],
  ['identify', { userId: 'u', anonymousId: '' }, 'id_required', 'anonymousId'],
  ['identify', { ...id, traits: {} }, undefined],
  ['identify', { ...id, traits: null }, undefined],
  ['identify', { ...id, traits: [] }, 'traits_not_object', 'traits'],
  ['identify', { ...id, traits: 'x' }, 'traits_not_object', 'traits'],
  ['track', { ...id, event: 'E' }, undefined],
  ['track', { event: 'E' }, 'no_user_anon_id'],
  ['track', id, 'event_not_defined', 'event'],
  ['track', { ...id, event: null }, 'event_not_defined', 'event'],
  ['track', { ...id, event: '' }, 'event_not_defined', 'event'],
  ['track', { ...id, event: 7 }, 'event_not_string', 'event'],
  ['track', { ...id, event: 'E', properties: [] }, 'properties_not_object', 'properties'],
  ['track', { ...id, event: 'E', properties: null }, undefined],
  ['track', { ...id, event: 'E', traits: 7 }, undefined],
  ['page', id, undefined],
  ['page', { ...id, name: 'n', category: 'c', properties: {} }, undefined],
  ['page', { ...id, name: null, category: null }, undefined],
  ['page', { ...id, name: '' }, 'name_not_string', 'name'],
  ['page', { ...id, name: 7 }, 'name_not_string', 'name'],
  ['page', { ...id, category: 7 }, 'category_not_string', 'category'],
  ['page', { ...id, category: '' }, undefined],
  ['page', { ...id, properties: 'p' }, 'properties_not_object', 'properties'],
  ['screen', { ...id, name: 7 }, 'name_not_string', 'name'],
  ['screen', { ...id, category: [] }, 'category_not_string', 'category'],
  ['screen', { ...id, properties: 1 }, 'properties_not_object', 'properties'],
  ['screen', {}, 'no_user_anon_id'],
  ['group', { ...id, groupId: 'g' }, undefined],
  ['group', id, 'group_id_required', 'groupId'],
  ['group', { ...id, groupId: '' }, 'group_id_required', 'groupId'],
  ['group', { ...id, groupId: 7 }, 'id_not_string', 'groupId'],
  ['group', { ...id, groupId: 'g', traits: 7 }, 'traits_not_object', 'traits'],
  ['group', { groupId: 'g' }, 'no_user_anon_id'],
  ['alias', { ...id, previousId: 'p' }, undefined],
  ['alias', { anonymousId: 'a', previousId: 'p' }, undefined],
  ['alias', id, 'previous_id_required', 'previousId'],
  ['alias', { ...id, previousId: null }, 'previous_id_required', 'previousId'],
  ['alias', { ...id, previousId: 7 }, 'id_not_string', 'previousId'],
  ['alias', { previousId: 'p' }, 'no_user_anon_id'],
  ['page', { ...id, messageId: 7 }, 'message_id_not_string', 'messageId'],
  ['page', { ...id, messageId: 'x'.repeat(100) }, undefined],
  ['page', { ...id, messageId: 'x'.repeat(101) }, 'message_id_too_long', 'messageId'],
  ['page', { ...id, context: null, integrations: null }, undefined],
  ['page', { ...id, context: 'c' }, 'context_not_object', 'context'],
  ['page', { ...id, integrations: [] }, 'integrations_not_object', 'integrations'],
  [
    'page',
    { ...id, context: { device: { advertisingId: 7 } } },
    'device_advertisingid_should_be_string',
    'context.device.advertisingId',
  ],
  ['page', { ...id, context: { device: { advertisingId: null } } }, undefined],
  ['page', { ...id, context: { device: 'd', consent: 'c' } }, undefined],
  [
    'page',
    { ...id, context: { consent: { version: '2' } } },
    'consent_version_should_be_number',
    'context.consent.version',
  ],
  ['page', { ...id, context: { consent: { categoryPreferences: 7 } } }, undefined],
  ['track', withPreferences({ ads: true }), undefined],
  ['track', { ...id, event: consent }, 'consent_categorypreferences_should_exist'],
  ['track', withPreferences(null), 'consent_categorypreferences_should_exist'],
  ['track', withPreferences([]), 'consent_categorypreferences_fields_should_be_object'],
  ['track', withPreferences({ ads: 'yes' }), 'consent_categorypreferences_fields_should_be_bool'],
];

for (const [type, event, code, field] of rows) {
  const text = JSON.stringify(event).slice(0, 90);
  test(`${type} ${text} is ${code ?? 'taken'}`, () => {
    const refusal = validateEvent(type, event);
    assert.equal(refusal?.code, code);
    if (field !== undefined) assert.equal(refusal?.field, field);
  });
}

test('what an item lacks is judged by the context of its batch, what it has by its own', () => {
  const shared = { device: { advertisingId: 7 } };
  const code = 'device_advertisingid_should_be_string';
  assert.equal(validateEvent('page', id, shared)?.code, code);
  const own = { ...id, context: { device: { advertisingId: 'x' } } };
  assert.equal(validateEvent('page', own, shared), undefined);
  const preferences = { consent: { categoryPreferences: { ads: true } } };
  assert.equal(validateEvent('track', { ...id, event: consent }, preferences), undefined);
  const bad = { consent: { categoryPreferences: { ads: 1 } } };
  const merged = validateEvent('track', withPreferences({ mail: true }), bad);
  assert.equal(merged?.code, 'consent_categorypreferences_fields_should_be_bool');
});

test('an absent, null or empty messageId is to be made by the server', () => {
  const rest = [{}, { messageId: null }, { messageId: '' }];
  assert.ok(rest.every((event) => lacksMessageId(event)));
  assert.equal(lacksMessageId({ messageId: 'm' }), false);
});
