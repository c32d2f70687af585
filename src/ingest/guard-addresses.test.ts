import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Json } from '../core/json.ts';
import type { SourcePolicy } from '../core/snapshot.ts';
import { ManualClock } from '../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../storage/log/memory/open-memory-log-engine.ts';
import { sourceConfig, startIngest } from './testing/ingest-rig.ts';

const event = { userId: 'u', event: 'E' };
const batch = {
  context: { ip: '198.51.100.9', locale: 'de' },
  sentAt: '2026-11-20T10:00:00Z',
  batch: [
    { ...event, type: 'track', context: { ip: '2001:db8:85a3:8d3:1319:8a2e:370:7348' } },
    { ...event, type: 'track' },
    { type: 'track', userId: 'u', context: { ip: '203.0.113.77', page: { path: '/ü' } } },
  ],
};

async function record(t: TestContext, policy: SourcePolicy, path: string, body: Json) {
  const rig = await startIngest(t, await openMemoryLogEngine({ clock: new ManualClock() }));
  rig.configure([sourceConfig('src', { writeKeys: ['key'], policy })]);
  assert.equal((await rig.post(path, body)).status, 200);
  const [stored] = await rig.stored();
  assert(stored !== undefined);
  return { meta: stored.meta, text: stored.text };
}

test('a source that anonymises has no full address written, of the connection or of the payload', async (t) => {
  const { meta, text } = await record(t, { ip: 'anonymize' }, '/v1/batch', batch);
  assert.equal(meta.ip, '127.0.0.0');
  assert.deepEqual(JSON.parse(text), {
    context: { ip: '198.51.100.0', locale: 'de' },
    sentAt: '2026-11-20T10:00:00Z',
    batch: [
      { ...event, type: 'track', context: { ip: '2001:db8:85a3::' } },
      { ...event, type: 'track' },
      { type: 'track', userId: 'u', context: { ip: '203.0.113.0', page: { path: '/ü' } } },
    ],
  });
  assert.equal(meta.refused?.length, 1, 'refused items are guarded as well');
});

test('a source that drops addresses has none written', async (t) => {
  const { meta, text } = await record(t, { ip: 'drop' }, '/v1/batch', batch);
  assert.equal(meta.ip, undefined);
  assert.doesNotMatch(text, /"ip"/);
  assert.match(text, /"\/ü"/);
});

test('what stands in context.ip and is no address is not kept by a source that anonymises', async (t) => {
  for (const ip of ['203.0.113.77, 10.0.0.1', 'office', 7, null, ['203.0.113.77']]) {
    const body = { ...event, context: { ip, locale: 'de' } };
    const { text } = await record(t, { ip: 'anonymize' }, '/v1/track', body);
    assert.deepEqual(JSON.parse(text), { ...event, context: { locale: 'de' } });
  }
});

test('a payload without an address is written byte for byte as it came', async (t) => {
  const body = '{ "userId":"u",  "event" : "E", "n": 1.0, "context":{} }';
  const { text } = await record(t, { ip: 'anonymize' }, '/v1/track', body);
  assert.equal(text, body);
});

test('a source without a policy keeps the address and the payload as they are', async (t) => {
  const { meta, text } = await record(t, {}, '/v1/batch', batch);
  assert.equal(meta.ip, '127.0.0.1');
  assert.equal(text, JSON.stringify(batch));
});

test('where the country is wanted of dropped addresses, the network waits in the log accepted', async (t) => {
  const policy = { ip: 'drop', country: true } as const;
  const { meta, text } = await record(t, policy, '/v1/batch', batch);
  assert.equal(meta.ip, '127.0.0.0');
  assert.match(text, /"198\.51\.100\.0"/);
});

test('a prefetch is recorded as such in any of its spellings, where the source judges bots', async (t) => {
  const rig = await startIngest(t, await openMemoryLogEngine({ clock: new ManualClock() }));
  const configure = (policy: SourcePolicy) =>
    rig.configure([sourceConfig('src', { writeKeys: ['key'], policy })]);
  const auth = { Authorization: `Basic ${Buffer.from('key:').toString('base64')}` };
  const spellings = [
    { 'Sec-Purpose': 'prefetch;prerender' },
    { Purpose: 'prefetch' },
    { 'X-Purpose': 'preview' },
    { 'X-Moz': 'prefetch' },
  ];
  configure({ bots: 'mark' });
  for (const more of spellings) await rig.post('/v1/track', event, { ...auth, ...more });
  await rig.post('/v1/track', event, { ...auth, Purpose: 'none' });
  configure({});
  await rig.post('/v1/track', event, { ...auth, Purpose: 'prefetch' });
  const marks = (await rig.stored()).map(({ meta }) => meta.prefetch);
  assert.deepEqual(marks, [true, true, true, true, undefined, undefined]);
});
