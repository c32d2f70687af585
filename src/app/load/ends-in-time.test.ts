import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { endsInTime } from './ends-in-time.ts';

function rig(work: Promise<string>) {
  const clock = new ManualClock();
  const ending = new AbortController();
  const late: string[] = [];
  const done = endsInTime(work, {
    ...{ signal: ending.signal, ms: 5_000, clock, what: 'The sync of a warehouse' },
    onLate: () => late.push('late'),
  });
  return { clock, ending, late, done };
}

test('work that does not end after it was told to is given up, and that is a failure in words', async () => {
  const { clock, ending, late, done } = rig(new Promise(() => undefined));
  const refused = assert.rejects(done, {
    code: 'warehouse_failed',
    message: /The sync of a warehouse did not end within 5 s/,
  });
  await clock.advanceSettling(60_000);
  assert.deepEqual(late, []);
  ending.abort();
  await clock.advanceSettling(5_000);
  await refused;
  assert.deepEqual(late, ['late']);
});

test('work that ends in time gives what it gives, and leaves no timer', async () => {
  const work = Promise.withResolvers<string>();
  const { clock, ending, late, done } = rig(work.promise);
  ending.abort();
  await clock.advanceSettling(4_000);
  work.resolve('loaded');
  assert.equal(await done, 'loaded');
  assert.equal(clock.pending, 0);
  assert.deepEqual(late, []);
});
