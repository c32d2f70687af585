import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../core/logger.ts';
import type { ReplayConfig, Snapshot } from '../../core/snapshot.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { Sweep } from './sweep.ts';

const replay: ReplayConfig = { id: 'r', connectionId: 'd', from: 0, to: 1 };

function snapshotOf(version: number, replays: readonly ReplayConfig[]): Snapshot {
  const workspace = { id: 'w', slug: 'w', name: 'w' };
  return { version, workspace, sources: [], connections: [], replays };
}

function rig(answers: (number | undefined | Error)[]) {
  const clock = new ManualClock();
  const committed: number[] = [];
  const sweep = new Sweep({
    environment: { clock, logger: silentLogger },
    everyMs: 1_000,
    isNeeded: ({ replays }) => replays.length > 0,
    sweep: async () => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
    committed: async (revision) => {
      committed.push(revision);
      sweep.schedule(snapshotOf(revision, []));
    },
    failure: 'it failed',
  });
  return { clock, committed, sweep };
}

test('a sweep runs while there is something to sweep, also after a failure, and no timer runs otherwise', async () => {
  const { clock, committed, sweep } = rig([undefined, new TypeError('once'), 7]);
  sweep.schedule(snapshotOf(1, []));
  assert.equal(clock.pending, 0);
  sweep.schedule(snapshotOf(2, [replay]));
  sweep.schedule(snapshotOf(3, [replay]));
  assert.equal(clock.pending, 1);
  for (let turn = 0; turn < 3; turn += 1) await clock.advanceSettling(1_000);
  assert.deepEqual(committed, [7]);
  // Nothing is left in the configuration since.
  assert.equal(clock.pending, 0);
  await sweep.close();
});

test('a sweep that is closed begins no other', async () => {
  const { clock, sweep } = rig([]);
  sweep.schedule(snapshotOf(1, [replay]));
  await sweep.close();
  assert.equal(clock.pending, 0);
  sweep.schedule(snapshotOf(2, [replay]));
  assert.equal(clock.pending, 0);
});
