import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { limits } from '../../core/limits.ts';
import { silentLogger } from '../../core/logger.ts';
import { recordKinds } from '../../core/records.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { deliverMetrics } from '../deliver-metrics.ts';
import { StoredEvent } from '../events/stored-event.ts';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import type { Discard } from './result-entries.ts';
import { ResultWriter } from './result-writer.ts';

function discardOf(n: number): Discard {
  const meta = { i: n, n: 0, t: 1, type: 'track', id: `m${n}` };
  const body = Buffer.from(JSON.stringify({ messageId: `m${n}`, event: 'Bought' }));
  const event = new StoredEvent({
    offset: n,
    kind: recordKinds.event,
    source: 's',
    meta: JSON.stringify(meta),
    body,
  });
  return {
    lane: 'd/l',
    connection: 'd',
    source: 's',
    code: 'message_rejected',
    message: 'HTTP 400',
    attempts: 1,
    event,
    from: n,
    to: n,
    count: 1,
  };
}

async function rig() {
  const clock = new FakeClock();
  let isFull = false;
  const engine = await openMemoryLogEngine({ clock, failing: () => isFull });
  const { writer } = await engine.openWriter('results', 0);
  const reader = await engine.openReader('results', 0);
  const registry = new Registry();
  const metrics = deliverMetrics(registry, async () => undefined);
  const results = new ResultWriter(writer, 0, clock, metrics, silentLogger);
  const records = async () => (await reader.read(0, { maxBytes: 1e9 })).records;
  const setFull = (full: boolean) => {
    isFull = full;
  };
  return { clock, results, records, metrics, setFull };
}

test('discards of one turn share one append, each with a stable id and its payload', async () => {
  const { results, records } = await rig();
  await Promise.all([results.discard(discardOf(1)), results.discard(discardOf(2))]);
  await results.discard(discardOf(1));
  const metas = (await records()).map(({ meta }) => JSON.parse(meta));
  assert.equal(metas.length, 3);
  assert.equal(metas[0].id, metas[2].id);
  assert.notEqual(metas[0].id, metas[1].id);
  assert.equal(metas[0].event, 'Bought');
  const [first] = await records();
  assert.equal(JSON.parse(String(first?.body)).messageId, 'm1');
});

test('above the quota of a source discards share a counted record without payload', async () => {
  const { clock, results, records } = await rig();
  const many = limits.discardsPerMinute + 500;
  const all = Array.from({ length: many }, (_, n) => results.discard(discardOf(n + 1)));
  await Promise.all(all);
  const metas = (await records()).map(({ meta, body }) => ({
    ...JSON.parse(meta),
    bytes: body.length,
  }));
  assert.ok(metas.length < many);
  const total = metas.reduce((sum, { count }) => sum + (count ?? 1), 0);
  assert.equal(total, many);
  const last = metas.at(-1);
  assert.ok(last?.count > 1 && last.bytes === 0 && last.to === many);
  await clock.advance(60_000);
  await results.discard(discardOf(many + 1));
  assert.ok((await records()).at(-1)?.body.length);
});

test('while the log takes nothing a discard waits, and is written once it does', async () => {
  const { clock, results, records, setFull } = await rig();
  setFull(true);
  let isDone = false;
  const done = results.discard(discardOf(1)).then(() => {
    isDone = true;
  });
  await clock.advance(5_000);
  assert.equal(isDone, false);
  setFull(false);
  await clock.advance(1_500);
  await done;
  assert.equal((await records()).length, 1);
});

test('outcomes are bounded a minute and source; what is above is counted', async () => {
  const { results, records, metrics } = await rig();
  const meta = { t: 1, destination: 'd', messageId: 'm', type: 'track', attempts: 1 } as const;
  for (let n = 0; n < limits.outcomesPerMinute + 10; n += 1) results.outcome('retrying', 's', meta);
  results.outcome('delivered', 'other', meta);
  await settle();
  const kinds = (await records()).map(({ kind }) => kind);
  assert.equal(kinds.length, limits.outcomesPerMinute + 1);
  assert.equal(kinds.at(-1), recordKinds.delivered);
  assert.equal((await metrics.outcomesSkipped.get()).values[0]?.value, 10);
});

test('while the log takes nothing no more outcomes are held than those of two minutes', async () => {
  const { clock, results, records, metrics, setFull } = await rig();
  const meta = { t: 1, destination: 'd', messageId: 'm', type: 'track', attempts: 1 } as const;
  setFull(true);
  results.outcome('retrying', 's', meta);
  await settle();
  for (let minute = 0; minute < 4; minute += 1) {
    for (let n = 0; n < limits.outcomesPerMinute; n += 1) results.outcome('retrying', 's', meta);
    await clock.advance(60_000);
  }
  setFull(false);
  await clock.advance(1_500);
  assert.equal((await records()).length, 2 * limits.outcomesPerMinute + 1);
  const skipped = (await metrics.outcomesSkipped.get()).values[0]?.value;
  assert.equal(skipped, 2 * limits.outcomesPerMinute);
});
