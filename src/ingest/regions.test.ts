import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../storage/log/memory/open-memory-log-engine.ts';
import { errorOf, sourceConfig, startIngest } from './testing/ingest-rig.ts';

const event = { userId: 'u', event: 'E' };
const random32 = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6';

test('a write key of another region is refused with its region, by the mark of its source or its own', async (context) => {
  const engine = await openMemoryLogEngine({ clock: new ManualClock() });
  const rig = await startIngest(context, engine, { region: 'eu' });
  rig.configure([
    sourceConfig('here', { writeKeys: ['own'], region: 'eu' }),
    sourceConfig('anywhere', { writeKeys: ['plain'] }),
    sourceConfig('moved', { writeKeys: [`us_${random32}`], region: 'eu' }),
    sourceConfig('there', { writeKeys: ['other'], region: 'us' }),
  ]);
  for (const writeKey of ['own', 'plain', `us_${random32}`]) {
    assert.equal((await rig.post('/v1/track', { ...event, writeKey }, {})).status, 200, writeKey);
  }
  const stored = (await rig.stored()).length;
  for (const writeKey of ['other', `us_${random32.toUpperCase()}`]) {
    const basic = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`;
    for (const answer of [
      await rig.post('/v1/track', event, { Authorization: basic }),
      await rig.post('/v1/track', { ...event, writeKey }, {}),
      await rig.post(`/v1/track?writeKey=${writeKey}`, event, {}),
      await rig.post('/v1/batch', { batch: [{ type: 'track', ...event, writeKey }] }, {}),
    ]) {
      assert.equal(answer.status, 401);
      assert.deepEqual(errorOf(answer), {
        type: 'authentication_error',
        code: 'wrong_region',
        message: 'The write key belongs to the region us; this is eu',
      });
    }
    const settings = await rig.send({ method: 'GET', path: `/v1/projects/${writeKey}/settings` });
    assert.equal(settings.status, 401);
    assert.partialDeepStrictEqual(errorOf(settings), { code: 'wrong_region' });
  }
  assert.equal((await rig.stored()).length, stored, 'nothing of them is kept');
  const { text } = await rig.send({ method: 'GET', path: '/metrics' });
  assert.ok(text.includes('tributary_ingest_requests_total{code="wrong_region"} 8\n'));
});

test('an unknown key that is not marked, or marked with this region, is an invalid one', async (context) => {
  const engine = await openMemoryLogEngine({ clock: new ManualClock() });
  const rig = await startIngest(context, engine);
  for (const writeKey of ['my_key', random32, `us_${random32}`, `eu_${random32}x`, '__proto__']) {
    const answer = await rig.post('/v1/track', { ...event, writeKey }, {});
    assert.equal(answer.status, 401);
    assert.partialDeepStrictEqual(errorOf(answer), { message: 'Invalid write key' }, writeKey);
  }
});
