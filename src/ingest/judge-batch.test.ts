import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Json } from '../core/json.ts';
import { ManualClock } from '../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../storage/log/memory/open-memory-log-engine.ts';
import { auth, type IngestRig, sourceConfig, startIngest } from './testing/ingest-rig.ts';

const start = async (context: TestContext): Promise<IngestRig> =>
  startIngest(context, await openMemoryLogEngine({ clock: new ManualClock() }));

const good = (more: object = {}) => ({
  type: 'track',
  userId: 'u',
  event: 'E',
  messageId: 'm',
  ...more,
});
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

test('one bad item of three leaves the others and is reported with its index, code and reason', async (context) => {
  const rig = await start(context);
  const body = JSON.stringify({ batch: [good(), { type: 'track', event: 'E' }, good()] });
  const answer = await rig.post('/v1/batch', body);
  assert.equal(answer.status, 200);
  const message = 'Missing required field: userId or anonymousId';
  const rejected = [{ index: 1, code: 'no_user_anon_id', message }];
  assert.deepEqual(answer.json, { success: true, rejected });
  const [record] = await rig.stored();
  assert.deepEqual(record?.meta.refused, [[1, 'no_user_anon_id']]);
  assert.equal(record?.meta.n, 3, 'the record says how many items it holds');
  assert.equal(record?.text, body);
});

test('the type of an item must be one of the six, in lower case', async (context) => {
  const rig = await start(context);
  const types: Json[] = ['track', 'Track', 'delete', null, 7, '__proto__', 'toString'];
  const answer = await rig.post('/v1/batch', { batch: types.map((type) => good({ type })) });
  assert.equal(answer.status, 200);
  const [record] = await rig.stored();
  assert.deepEqual(
    record?.meta.refused,
    [1, 2, 3, 4, 5, 6].map((index) => [index, 'type_not_supported', 'type']),
  );
});

test('an item that is no object is refused by itself', async (context) => {
  const rig = await start(context);
  await rig.post('/v1/batch', { batch: [null, 1, 'x', [], good()] });
  const [record] = await rig.stored();
  assert.deepEqual(
    record?.meta.refused?.map(([index, code]) => [index, code]),
    [0, 1, 2, 3].map((index) => [index, 'bad_request']),
  );
});

test('a batch of nothing but bad items is answered 200 and recorded', async (context) => {
  const rig = await start(context);
  const answer = await rig.post('/v1/batch', { batch: [{}, {}] });
  assert.equal(answer.status, 200);
  assert.equal((await rig.stored())[0]?.meta.refused?.length, 2);
});

test('an empty batch is answered 200 and recorded as a discard', async (context) => {
  const rig = await start(context);
  assert.equal((await rig.post('/v1/batch', { batch: [] })).text, '{"success":true}');
  assert.equal((await rig.stored())[0]?.meta.discard, 'empty_batch');
});

test('a malformed envelope is 400 with its field, and recorded as a discard', async (context) => {
  const rig = await start(context);
  const bodies: [object, string, string][] = [
    [good(), 'batch', 'bad_request'],
    [{ batch: {} }, 'batch', 'bad_request'],
    [{ batch: [good()], context: 'c' }, 'context', 'context_not_object'],
    [{ batch: [good()], integrations: [] }, 'integrations', 'integrations_not_object'],
  ];
  for (const [body, field, code] of bodies) {
    const answer = await rig.post('/v1/batch', JSON.stringify(body));
    assert.equal(answer.status, 400);
    assert.deepEqual(Object(answer.json['error']).field, field);
    assert.equal((await rig.stored()).at(-1)?.meta.discard, code);
  }
  const nulls = { batch: [good()], context: null, integrations: null };
  assert.equal((await rig.post('/v1/batch', nulls)).status, 200);
});

test('items beyond 2,500 are refused, those before are kept', async (context) => {
  const rig = await start(context);
  const small = { type: 'page', userId: 'u' };
  const answer = await rig.post('/v1/batch', { batch: Array(2_502).fill(small) });
  assert.equal(answer.status, 200);
  assert.deepEqual(
    (await rig.stored())[0]?.meta.refused,
    [2_500, 2_501].map((index) => [index, 'batch_too_long']),
  );
});

test('what is recorded and answered of a hostile number of items is bounded', async (context) => {
  const rig = await start(context);
  const junk = Array(200_000).fill(1);
  const answer = await rig.post('/v1/batch', { batch: [good({ event: 'Ü' }), ...junk] });
  assert.equal(answer.status, 200);
  assert.ok(answer.bytes.length < 100_000);
  const [record] = await rig.stored();
  const { batch } = JSON.parse(record?.text ?? '');
  assert.equal(batch.length, 12_500);
  assert.equal(batch[0].event, 'Ü');
  assert.equal(record?.meta.refused?.length, 12_499);
});

test('an item larger than 32 KB is refused by itself, one of exactly 32 KB is kept', async (context) => {
  const rig = await start(context);
  const sized = (bytes: number, filler: string) => {
    const item = good({ properties: { x: '' } });
    const rest = bytes - Buffer.byteLength(JSON.stringify(item));
    return { ...item, properties: { x: filler.repeat(rest / Buffer.byteLength(filler)) } };
  };
  const most = 32 * 1024;
  // The overhead is odd or even: fill with characters of one byte and of two.
  const odd = Buffer.byteLength(JSON.stringify(good({ properties: { x: '' } }))) % 2;
  const batch = [
    sized(most, 'x'),
    sized(most + 1, 'x'),
    sized(most - odd, 'é'),
    sized(most - odd + 2, 'é'),
  ];
  await rig.post('/v1/batch', { batch });
  const [record] = await rig.stored();
  assert.deepEqual(
    record?.meta.refused?.map(([index, code]) => [index, code]),
    [1, 3].map((index) => [index, 'event_too_large']),
  );
});

test('a batch takes 512,000 bytes and not one more', async (context) => {
  const rig = await start(context);
  const frame = JSON.stringify({ batch: [good()], x: '' }).length;
  const sized = (bytes: number) =>
    JSON.stringify({ batch: [good()], x: 'x'.repeat(bytes - frame) });
  assert.equal((await rig.post('/v1/batch', sized(512_000))).status, 200);
  const answer = await rig.post('/v1/batch', sized(512_001));
  assert.equal(answer.status, 400);
  assert.equal(answer.json['code'], 'validation_error');
  assert.equal(Object(answer.json['error']).code, 'payload_too_large');
  assert.equal((await rig.stored()).length, 1);
});

test('an item nested too deeply is refused alone, and its payload is not stored', async (context) => {
  const rig = await start(context);
  const item = (depth: number) =>
    JSON.stringify(good({ properties: 0 })).replace(/0\}$/, `${nested(depth)}}`);
  const body = `{"batch":[${item(199)},${item(200)},${item(20_000)}],"sentAt":"2026-11-20T10:00:00Z","junk":${nested(30_000)}}`;
  const answer = await rig.post('/v1/batch', body);
  assert.equal(answer.status, 200);
  const [record] = await rig.stored();
  assert.deepEqual(
    record?.meta.refused?.map(([index, code]) => [index, code]),
    [1, 2].map((index) => [index, 'bad_request']),
  );
  const kept = JSON.parse(record?.text ?? '');
  assert.deepEqual(Object.keys(kept), ['sentAt', 'batch']);
  assert.equal(kept.batch[1], null);
  assert.equal(JSON.stringify(kept.batch[0]), item(199));
});

test('a deeply nested envelope or single event is 400, without its payload in the log', async (context) => {
  const rig = await start(context);
  const batch = `{"batch":[${JSON.stringify(good())}],"context":${nested(10_000)}}`;
  assert.equal((await rig.post('/v1/batch', batch)).status, 400);
  const single = `{"userId":"u","event":"E","properties":${nested(5_000)}}`;
  assert.equal((await rig.post('/v1/track', single)).status, 400);
  const deepest = '['.repeat(250_000) + ']'.repeat(250_000);
  assert.equal((await rig.post('/v1/batch', `{"batch":[${deepest}]}`)).status, 200);
  const off = { ...auth, Authorization: `Basic ${Buffer.from('offkey:').toString('base64')}` };
  assert.equal((await rig.post('/v1/batch', batch, off)).status, 200);
  assert.deepEqual(
    (await rig.stored()).map(({ text }) => text),
    ['{}', '{}', '{"batch":[null]}', '{}'],
  );
});

test('a source may have limits of its own', async (context) => {
  const rig = await start(context);
  const limits = { requestBytes: 2_000_000, eventBytes: 100_000, batchEvents: 3 };
  rig.configure([sourceConfig('src', { writeKeys: ['key'], limits })]);
  const large = good({ properties: { x: 'x'.repeat(90_000) } });
  assert.equal((await rig.post('/v1/track', large)).status, 200);
  assert.equal((await rig.post('/v1/track', { ...large, writeKey: 'key' }, {})).status, 200);
  await rig.post('/v1/batch', { batch: Array(12).fill(large), writeKey: 'key' }, {});
  assert.equal((await rig.stored()).at(-1)?.meta.refused?.length, 9);
  const tooLarge = good({ properties: { x: 'x'.repeat(100_000) } });
  assert.equal((await rig.post('/v1/track', { ...tooLarge, writeKey: 'key' }, {})).status, 400);
});
