import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import type { JsonObject } from '../../core/json.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { auth, errorOf, startIngest } from '../testing/ingest-rig.ts';

/** The example of seed 003. */
const hit = {
  hitId: '4c59d330-35c7-11e9-8f27-8d1d7d4690e7',
  sentAt: '2019-02-21T10:56:10.723Z',
  event: {
    category: 'Auth',
    name: 'Registered',
    label: 'some label',
    user: {
      anonymousId: '80ddb140-35c6-11e9-bd56-eb1c05e6de18',
      emailHash: 'eff8c37862c7a2f0019448289bdd0869c30ae7f07060e4be9d',
      userId: 'u2783187492',
      firstName: 'Jöhn',
    },
    nonInteraction: false,
  },
  context: { ip: '123.22.334.55' },
};

describe('SegmentStream’s POST /track', () => {
  it('answers 204 without a body and keeps the hit as the track call it stands for', async (t) => {
    const rig = await startIngest(t, await openMemoryLogEngine({ clock: systemClock }));
    const answer = await rig.post('/track', hit);
    assert.equal(answer.status, 204);
    assert.equal(answer.text, '');
    const [stored] = await rig.stored();
    assert.equal(stored?.meta.call, 'track');
    const { anonymousId, userId, ...traits } = hit.event.user;
    const { user: _, ...properties } = hit.event;
    assert.deepEqual(JSON.parse(stored?.text ?? ''), {
      type: 'track',
      event: 'Registered',
      userId,
      anonymousId,
      messageId: hit.hitId,
      timestamp: hit.sentAt,
      properties,
      context: { ip: '123.22.334.55', traits },
    });
  });

  it('takes a hit without hitId, sentAt, name or one of the ids', async (t) => {
    const rig = await startIngest(t, await openMemoryLogEngine({ clock: systemClock }));
    const event = { category: 'Auth', user: { anonymousId: 'a' } };
    assert.equal((await rig.post('/track', { event, integrations: { All: false } })).status, 204);
    assert.equal((await rig.post('/track/', { event: { user: { userId: 'u' } } })).status, 204);
    const [first, second] = (await rig.stored()).map(({ text }): JsonObject => JSON.parse(text));
    assert.equal(first?.['event'], 'Auth');
    assert.deepEqual(first?.['integrations'], { All: false });
    assert.equal(first?.['messageId'], undefined);
    assert.equal(first?.['timestamp'], undefined);
    assert.equal(second?.['event'], 'Event');
    assert.ok((await rig.stored()).every(({ meta }) => meta.nonce !== undefined));
  });

  const refusals: [what: string, body: JsonObject, code: string, field: string][] = [
    ['no event', { hitId: 'h' }, 'event_not_defined', 'event'],
    ['an event that is a text', { event: 'Registered' }, 'event_not_object', 'event'],
    ['no user', { event: { name: 'N' } }, 'no_user_anon_id', 'event.user'],
    ['a user without id', { event: { user: { userId: '' } } }, 'no_user_anon_id', 'event.user'],
    ['a numeric userId', { event: { user: { userId: 7 } } }, 'id_not_string', 'event.user.userId'],
    [
      'a numeric anonymousId',
      { event: { user: { anonymousId: 7 } } },
      'id_not_string',
      'event.user.anonymousId',
    ],
    [
      'a long hitId',
      { hitId: 'é'.repeat(101), event: { user: { userId: 'u' } } },
      'message_id_not_string',
      'hitId',
    ],
  ];
  for (const [what, body, code, field] of refusals) {
    it(`answers 400 to ${what}, names ${field}, and records the hit as a discard`, async (t) => {
      const rig = await startIngest(t, await openMemoryLogEngine({ clock: systemClock }));
      const answer = await rig.post('/track', body);
      assert.equal(answer.status, 400);
      assert.partialDeepStrictEqual(errorOf(answer), { code, field });
      const [stored] = await rig.stored();
      assert.deepEqual(stored?.meta.refused, [[0, code, field]]);
      assert.deepEqual(JSON.parse(stored?.text ?? ''), body);
    });
  }

  it('answers 400 to what is no JSON or above 64 KB, and 401 to a wrong token', async (t) => {
    const rig = await startIngest(t, await openMemoryLogEngine({ clock: systemClock }));
    assert.equal((await rig.post('/track', '{')).status, 400);
    const of = (bytes: number) => {
      const text = JSON.stringify({ event: { user: { userId: 'u' }, fill: '' } });
      return text.replace('""', `"${'x'.repeat(bytes - text.length)}"`);
    };
    assert.equal((await rig.post('/track', of(64 * 1_024))).status, 204);
    assert.equal((await rig.post('/track', of(64 * 1_024 + 1))).status, 400);
    const wrong = { Authorization: `Basic ${Buffer.from('nobody:').toString('base64')}` };
    assert.equal((await rig.post('/track', hit, wrong)).status, 401);
    assert.equal((await rig.post('/track', hit, {})).status, 401);
    assert.equal((await rig.stored()).length, 1);
  });

  it('knows no rate limit, and nothing but POST', async (t) => {
    const rig = await startIngest(t, await openMemoryLogEngine({ clock: systemClock }), {
      requestsPerSecond: 1,
    });
    for (let i = 0; i < 5; i++) assert.equal((await rig.post('/track', hit)).status, 204);
    const got = await rig.send({ method: 'GET', path: '/track', headers: auth });
    assert.equal(got.status, 405);
  });

  it('answers 503 while the disk has only its reserve left', async (t) => {
    const rig = await startIngest(t, await openMemoryLogEngine({ clock: systemClock }), {
      hasRoom: () => false,
    });
    assert.equal((await rig.post('/track', hit)).status, 503);
  });
});
