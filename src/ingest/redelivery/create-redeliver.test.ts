import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import { recordKinds } from '../../core/records.ts';
import type { Redelivery } from '../../core/redelivery.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { startIngest } from '../testing/ingest-rig.ts';

const item = (more: Partial<Redelivery> = {}): Redelivery => ({
  id: '0-1-0-source_disabled',
  source: 'src',
  body: '{"event":"E","userId":"u"}',
  call: 'track',
  receivedAt: 1_000,
  ...more,
});

async function rig(t: Parameters<typeof startIngest>[0], failing = () => false) {
  return startIngest(t, await openMemoryLogEngine({ clock: systemClock, failing }));
}

test('what was refused is taken as the call that it was, with its first time and an id made of the discard’s', async (t) => {
  const { ingest, stored } = await rig(t);
  assert.deepEqual(await ingest.redeliver([item(), item()]), [
    { kind: 'accepted' },
    { kind: 'accepted' },
  ]);
  const [one, two] = await stored();
  assert.equal(one?.source, 'src');
  assert.equal(one?.text, item().body);
  assert.equal(one?.meta.call, 'track');
  assert.deepEqual(one?.meta.again, { t: 1_000 });
  assert.match(one?.meta.nonce ?? '', /^[0-9a-f]{32}$/);
  assert.equal(two?.meta.nonce, one?.meta.nonce);
});

test('an event that a destination gave up is taken for its lane, whatever its source takes now', async (t) => {
  const { ingest, stored } = await rig(t);
  const body = '{"type":"track","messageId":"m"}';
  const lane = ['dest', 'any'] as const;
  const { call: _, ...given } = item({ id: 'd1', source: 'off', body, lane });
  assert.deepEqual(await ingest.redeliver([given]), [{ kind: 'accepted' }]);
  const [one] = await stored();
  assert.deepEqual(one?.meta.again, { t: 1_000, of: { id: 'd1', lane } });
  assert.equal(one?.meta.nonce, undefined);
});

test('what a function of the source gave up is judged anew under the id of its discard, and a request goes to its function again', async (t) => {
  const { ingest, stored } = await rig(t);
  const body = '{"type":"track","event":"E","userId":"u","messageId":"m"}';
  const request = { url: 'http://here/fn/key', headers: {}, body: '{}' };
  const staged = { type: 'track', messageId: 'cause', receivedAt: 'then', request };
  assert.deepEqual(
    await ingest.redeliver([
      item({ id: 'd1', body, staged: 'event' }),
      item({ id: 'd2', body: JSON.stringify(staged), staged: 'request' }),
      item({ id: 'd3', body, staged: 'request' }),
    ]),
    [{ kind: 'accepted' }, { kind: 'accepted' }, { kind: 'refused', code: 'bad_request' }],
  );
  const [event, again, ...others] = await stored();
  assert.deepEqual(others, []);
  assert.deepEqual(event?.meta.again, { t: 1_000, by: 'd1' });
  assert.equal(again?.kind, recordKinds.webhook);
  assert.deepEqual(JSON.parse(again?.text ?? ''), staged);
});

test('what the source would still refuse is refused with its code, and leaves nothing behind', async (t) => {
  const { ingest, stored } = await rig(t);
  const { call: _, ...unnamed } = item();
  const cases = [
    [item({ source: 'gone' }), 'unknown_source'],
    [item({ source: 'off' }), 'source_disabled'],
    [item({ body: '{"userId":"u"}' }), 'event_not_defined'],
    [item({ body: '{"a' }), 'bad_request'],
    [unnamed, 'type_not_supported'],
    [item({ body: JSON.stringify({ ...unnamed, a: 'x'.repeat(40_000) }) }), 'event_too_large'],
  ] as const;
  assert.deepEqual(
    await ingest.redeliver(cases.map(([given]) => given)),
    cases.map(([, code]) => ({ kind: 'refused', code })),
  );
  assert.deepEqual(await stored(), []);
});

test('while the log takes nothing it has failed, to be asked again', async (t) => {
  let isBroken = true;
  const { ingest } = await rig(t, () => isBroken);
  const [first] = await ingest.redeliver([item()]);
  assert.equal(first?.kind, 'failed');
  isBroken = false;
  assert.deepEqual(await ingest.redeliver([item()]), [{ kind: 'accepted' }]);
});
