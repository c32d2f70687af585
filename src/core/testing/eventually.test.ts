import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from './eventually.ts';
import { ManualClock } from './manual-clock.ts';

test('it yields what the look yields, once that is something', async () => {
  const answers = [undefined, false, 0] as const;
  let looks = 0;
  const look = () => {
    if (looks === 2) {
      looks += 1;
      throw new RangeError('not yet');
    }
    return answers[looks++] ?? 'there';
  };
  assert.equal(await eventually('it is there', look, { every: 1 }), 'there');
});

test('between looks a step is taken, and none before the first', async () => {
  const clock = new ManualClock(0);
  const seen: number[] = [];
  const look = () => {
    seen.push(clock.now());
    return clock.now() === 20;
  };
  await eventually('20 ms have passed', look, { every: 1, step: () => clock.advance(10) });
  assert.deepEqual(seen, [0, 10, 20]);
});

test('what does not come in time is named, with what the last look threw', async () => {
  const look = () => {
    throw new RangeError('nobody');
  };
  await assert.rejects(eventually('somebody comes', look, { within: 10, every: 1 }), {
    message: 'not within 10 ms: somebody comes',
    cause: new RangeError('nobody'),
  });
});
