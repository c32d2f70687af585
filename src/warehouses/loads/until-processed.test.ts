import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogEntry } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';
import { recordKinds } from '../../core/records.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { untilProcessed } from './until-processed.ts';

const entry = (kind: number, source: string): LogEntry => ({
  ...{ kind, source, meta: '{}', body: Buffer.from('{}') },
});

async function rig() {
  const clock = new ManualClock();
  const engine = await openMemoryLogEngine({ clock });
  const accepted = (await engine.openWriter('accepted', 0)).writer;
  const events = (await engine.openWriter('events', 0)).writer;
  const staged = (await engine.openWriter('staged', 0)).writer;
  let cursor: number | undefined;
  const signal = new AbortController().signal;
  const begin = async (...stagedSources: readonly string[]) => {
    const state: { done?: boolean } = {};
    const done = untilProcessed({
      accepted: [await engine.openReader('accepted', 0)],
      events: [await engine.openReader('events', 0)],
      staged: stagedSources.length === 0 ? [] : [await engine.openReader('staged', 0)],
      stagedSources,
      stagedCursor: async () => cursor,
      ...{ clock, signal },
    }).then((result) => {
      state.done = result;
    });
    await clock.advanceSettling(100);
    return { state, done };
  };
  return {
    ...{ clock, accepted, events, staged, begin },
    setCursor: (to: number) => {
      cursor = to;
    },
  };
}

test('what is accepted when it begins is waited for, what comes later is not', async () => {
  const { clock, accepted, events, begin } = await rig();
  const none = await begin();
  await none.done;
  assert.equal(none.state.done, true);
  await accepted.append([entry(recordKinds.request, 's')]);
  const first = accepted.end;
  const waiting = await begin();
  assert.equal(waiting.state.done, undefined);
  await accepted.append([entry(recordKinds.request, 's')]);
  await events.append([entry(recordKinds.event, 's')], { mark: first });
  await clock.advanceSettling(100);
  await waiting.done;
  assert.equal(waiting.state.done, true);
});

test('process that does not come on is not waited for longer than a minute', async () => {
  const { clock, accepted, begin } = await rig();
  await accepted.append([entry(recordKinds.request, 's')]);
  const waiting = await begin();
  while (clock.now() < Date.UTC(2026, 10, 20, 10) + limits.warehouseProcessMs) {
    assert.equal(waiting.state.done, undefined);
    await clock.advanceSettling(1_000);
  }
  await clock.advanceSettling(1_000);
  await waiting.done;
  assert.equal(waiting.state.done, false);
});

test('an insert function is waited for until it has answered, that of another source is not', async () => {
  const { clock, staged, begin, setCursor } = await rig();
  await staged.append([entry(recordKinds.event, 'slow')]);
  const other = await begin('quick');
  await other.done;
  assert.equal(other.state.done, true);
  const waiting = await begin('slow');
  assert.equal(waiting.state.done, undefined);
  setCursor(staged.end);
  await clock.advanceSettling(100);
  await waiting.done;
  assert.equal(waiting.state.done, true);
});
