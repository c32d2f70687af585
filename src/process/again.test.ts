import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogEntry } from '../core/event-log.ts';
import type { Again, EventMeta } from '../core/records.ts';
import type { Suppressions } from '../core/suppressions.ts';
import type { CountedEvent } from '../core/usage/usage.ts';
import { createMemoryKeySet } from '../storage/keys/memory-key-set.ts';
import { openMemoryLogEngine } from '../storage/log/memory/open-memory-log-engine.ts';
import {
  discardsOf,
  eventsOf,
  readAll,
  received,
  StillClock,
  startRig,
} from './testing/process-rig.ts';

async function stand(t: { after(end: () => Promise<void>): void }, suppressions?: Suppressions) {
  const clock = new StillClock();
  const engine = await openMemoryLogEngine({ clock });
  const openKeys = async () => createMemoryKeySet();
  const start = () =>
    startRig({ engine, openKeys, clock, ...(suppressions !== undefined && { suppressions }) });
  const rig = await start();
  t.after(() => rig.stop());
  return { engine, rig, start };
}

const event = { type: 'track', userId: 'u', messageId: 'm', event: 'E', receivedAt: 'then' };
const lane = ['dest', 'any'] as const;
const again = (id: string): { again: Again; call: 'track' } => ({
  again: { t: 5, of: { id, lane } },
  call: 'track',
});

test('an event that is sent again passes unchanged, for its lane, though its messageId is known', async (t) => {
  const { engine, rig } = await stand(t);
  await rig.send({ batch: [event] });
  const text = JSON.stringify(event);
  const offset = await rig.send(text, again('d1'));
  await rig.caughtUp();
  const [, one] = await readAll(engine);
  assert.equal(one?.body.toString(), text);
  const meta: EventMeta = JSON.parse(one?.meta ?? '{}');
  assert.deepEqual(meta, { i: offset, n: 0, t: received, type: 'track', id: 'm', u: 'u', lane });
});

test('one discard is admitted once, also after a restart that has to read its keys anew', async (t) => {
  const { engine, rig, start } = await stand(t);
  await rig.send(JSON.stringify(event), again('d1'));
  await rig.send(JSON.stringify(event), again('d1'));
  await rig.send(JSON.stringify(event), again('d2'));
  await rig.caughtUp();
  assert.equal((await eventsOf(engine)).length, 2);
  await rig.stop();
  const second = await start();
  t.after(() => second.stop());
  await second.send(JSON.stringify(event), again('d1'));
  await second.caughtUp();
  assert.equal((await eventsOf(engine)).length, 2);
});

test('what the function of its source gave up is admitted once by its discard, though its messageId is known', async (t) => {
  const { engine, rig } = await stand(t);
  await rig.send({ batch: [event] });
  for (const by of ['d1', 'd1', 'd2']) {
    await rig.send(JSON.stringify(event), { again: { t: 5, by }, call: 'track' });
  }
  await rig.caughtUp();
  assert.equal((await eventsOf(engine)).length, 3);
});

test('what the function of its source gave up goes to it again, and counts as an event when it is in the log, not when it waits', async (t) => {
  const clock = new StillClock();
  const engine = await openMemoryLogEngine({ clock });
  const staged: LogEntry[] = [];
  const counted: (CountedEvent | undefined)[] = [];
  let takes = true;
  const rig = await startRig({
    ...{ engine, clock, openKeys: async () => createMemoryKeySet() },
    usage: {
      committed: ({ events, admitted }) => counted.push(...admitted.map((at) => events[at])),
      returning: () => undefined,
    },
    staging: async () => ({
      takes: () => takes,
      append: async (entries) => staged.push(...entries),
    }),
  });
  t.after(() => rig.stop());
  await rig.send({ batch: [event] });
  await rig.send(JSON.stringify(event), { again: { t: 5, by: 'd1' }, call: 'track' });
  await rig.caughtUp();
  assert.equal(staged.length, 2);
  // The function was taken away in between.
  takes = false;
  await rig.send(JSON.stringify(event), { again: { t: 5, by: 'd2' }, call: 'track' });
  await rig.caughtUp();
  assert.deepEqual(
    counted.map((one) => one?.isAgain),
    [undefined],
  );
  // Whoever counts from the log sees it too.
  const [one] = await readAll(engine);
  const meta: EventMeta = JSON.parse(one?.meta ?? '{}');
  assert.deepEqual([meta.id, meta.counted], ['m', undefined]);
});

test('what was refused before is received when it first came, and is the same event as the client’s own retry', async (t) => {
  const { engine, rig } = await stand(t);
  const { receivedAt: _, ...raw } = event;
  await rig.send(raw, { again: { t: Date.UTC(2026, 0, 1) } });
  await rig.send({ batch: [raw] });
  await rig.caughtUp();
  const [one, ...more] = await eventsOf(engine);
  assert.deepEqual(more, []);
  assert.equal(one?.['receivedAt'], '2026-01-01T00:00:00.000Z');
  assert.equal(one?.['timestamp'], '2026-01-01T00:00:00.000Z');
});

test('what is sent again of a user who is suppressed by now is dropped', async (t) => {
  const { engine, rig } = await stand(t, {
    isEmpty: false,
    has: () => true,
    refresh: async () => undefined,
  });
  await rig.send(JSON.stringify(event), again('d1'));
  await rig.caughtUp();
  assert.deepEqual(await eventsOf(engine), []);
  assert.deepEqual(await discardsOf(engine), []);
});
