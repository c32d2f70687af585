import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LatestOfEach } from './latest-of-each.ts';
import { silentLogger } from './logger.ts';
import { ManualClock } from './testing/manual-clock.ts';

function stand(write: (key: string) => Promise<void> = async () => undefined) {
  const clock = new ManualClock();
  const written: [string, readonly number[]][] = [];
  const latest = new LatestOfEach<number>({
    ...{ clock, logger: silentLogger, keep: 2, everyMs: 1_000, lost: 'lost' },
    write: async (key, items) => {
      await write(key);
      written.push([key, items]);
    },
  });
  return { clock, written, latest };
}

test('the last items of each key are written together, once in an interval', async () => {
  const { clock, written, latest } = stand();
  for (const item of [1, 2, 3]) latest.note('busy', item);
  latest.note('quiet', 9);
  clock.advance(999);
  assert.deepEqual(written, []);
  clock.advance(1);
  await latest.forget('none');
  assert.deepEqual(written, [
    ['busy', [2, 3]],
    ['quiet', [9]],
  ]);
  latest.note('busy', 4);
  await latest.stop();
  assert.deepEqual(written.at(-1), ['busy', [4]]);
});

test('a key that is forgotten is not written, and nothing is after the stop', async () => {
  const { written, latest } = stand();
  latest.note('gone', 1);
  await latest.forget('gone');
  await latest.stop();
  latest.note('late', 1);
  await latest.stop();
  assert.deepEqual(written, []);
});

test('items that cannot be written are lost, and later ones are written', async () => {
  let isBroken = true;
  const { clock, written, latest } = stand(async () => {
    if (isBroken) return Promise.reject(new TypeError('the store is away'));
  });
  latest.note('key', 1);
  clock.advance(1_000);
  await latest.forget('none');
  isBroken = false;
  latest.note('key', 2);
  await latest.stop();
  assert.deepEqual(written, [['key', [2]]]);
});
