import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseMerge } from './choose-merge.ts';
import { expiredRuns } from './expired-runs.ts';

const run = (oldest: number, newest: number, count = 100) => ({ oldest, newest, count });

test('eight runs of like size become one, seven do not', () => {
  const seven = Array.from({ length: 7 }, (_, n) => run(n, n + 1));
  assert.equal(chooseMerge(seven, 1_000), undefined);
  assert.deepEqual(chooseMerge([...seven, run(7, 8)], 1_000), { from: 0, to: 8 });
});

test('a run eight times larger waits for its like', () => {
  const runs = [run(0, 8, 800), ...Array.from({ length: 7 }, (_, n) => run(8 + n, 9 + n))];
  assert.equal(chooseMerge(runs, 1_000), undefined);
  assert.deepEqual(chooseMerge([...runs, run(15, 16)], 1_000), { from: 1, to: 9 });
});

test('a stretch that can take no further run becomes one, and none grows beyond the span', () => {
  const runs = [run(0, 40), run(40, 80), run(80, 120)];
  assert.deepEqual(chooseMerge(runs, 100), { from: 0, to: 2 });
  assert.equal(chooseMerge([run(0, 80), run(80, 120)], 100), undefined);
  assert.equal(chooseMerge([run(0, 5_000), run(0, 10), run(10, 20)], 100), undefined);
});

test('at any rate of keys few runs remain, and each key is rewritten a few times', () => {
  for (const step of [1, 3, 11, 40, 130]) {
    const runs: ReturnType<typeof run>[] = [];
    let written = 0;
    const added = 800;
    for (let n = 0; n < added; n++) {
      runs.push(run(n * step, (n + 1) * step));
      for (let due = chooseMerge(runs, 1_000); due; due = chooseMerge(runs, 1_000)) {
        const olds = runs.slice(due.from, due.to);
        const count = olds.reduce((sum, old) => sum + old.count, 0);
        written += count;
        runs.splice(
          due.from,
          olds.length,
          run(olds[0]?.oldest ?? 0, olds.at(-1)?.newest ?? 0, count),
        );
      }
      const flags = expiredRuns(runs, 8_000);
      runs.splice(0, flags.lastIndexOf(true) + 1);
      assert.ok(runs.length <= 60, `step ${step}: ${runs.length} runs`);
    }
    assert.ok(
      written / (added * 100) < 6,
      `step ${step}: each key written ${written / added / 100}`,
    );
  }
});

test('a run is expired when its newest key is a window older than the oldest of the last run', () => {
  const runs = [run(0, 99), run(100, 199), run(200, 1_100)];
  assert.deepEqual(expiredRuns(runs, 100), [true, false, false]);
  assert.deepEqual(expiredRuns([], 100), []);
});

test('a run from a clock that was years ahead expires with the runs around it', () => {
  const ahead = run(90, 1_000_000);
  assert.deepEqual(expiredRuns([ahead, run(100, 150), run(240, 260)], 100), [false, false, false]);
  assert.deepEqual(expiredRuns([ahead, run(100, 150), run(260, 280)], 100), [true, true, false]);
});
