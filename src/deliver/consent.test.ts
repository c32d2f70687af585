import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../core/event.ts';
import type { JsonObject } from '../core/json.ts';
import { lacksConsent } from './lane/lacks-consent.ts';
import { connection, DeliverRig } from './testing/deliver-rig.ts';

const chosen: JsonObject = { X: true, Y: false };
const granted: JsonObject = { categoryPreferences: { ads: true, analytics: true, other: false } };
/** The truth table of spec tracking-api, appendix B, for a destination of the categories ads and analytics. */
const rows: readonly (readonly [JsonObject | undefined, JsonObject, boolean])[] = [
  [undefined, {}, false],
  [undefined, chosen, false],
  [{}, {}, false],
  [{}, chosen, true],
  [{ categoryPreferences: {} }, {}, true],
  [{ categoryPreferences: {} }, chosen, true],
  [granted, {}, false],
  [granted, chosen, false],
  [{ categoryPreferences: { ads: true } }, {}, true],
  [{ categoryPreferences: { ads: true, analytics: false } }, chosen, true],
  [{ categoryPreferences: { ads: true, analytics: 'yes' } }, {}, true],
];

for (const [consent, integrations, isDenied] of rows) {
  const facts = JSON.stringify({ consent, integrations });
  test(`${facts} is ${isDenied ? 'no consent' : 'consent enough'}`, () => {
    const context = consent === undefined ? {} : { consent };
    const event = { type: 'track', event: 'E', context, integrations } as unknown as Event;
    assert.equal(lacksConsent(event, ['ads', 'analytics']), isDenied);
    assert.equal(lacksConsent(event, []), false);
  });
}

test('what a user consents to is told to destinations without their consent', () => {
  const name = 'Segment Consent Preference Updated';
  const context = { consent: { categoryPreferences: { ads: false } } };
  const event = { type: 'track', event: name, context } as unknown as Event;
  assert.equal(lacksConsent(event, ['ads']), false);
});

test('an event without the consent of its user is not sent, counted, and that comes before integrations', async () => {
  const rig = await new DeliverRig().start();
  await rig.configure({ connections: [connection({ consentCategories: ['ads'] })] });
  const denied = { context: { consent: { categoryPreferences: { ads: false } } } };
  await rig.append(
    { id: 'denied', u: 'a', more: { ...denied, integrations: { Webhooks: true } } },
    { id: 'off', u: 'b', more: { ...denied, integrations: { All: false } } },
    { id: 'silent', u: 'c' },
  );
  rig.deliver.wake();
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids(), ['silent']);
  const counted = { code: 'filtered_by_end_user_consent' };
  assert.equal(await rig.metric('tributary_deliver_filtered_total', counted), 2);
  await rig.stop();
});
