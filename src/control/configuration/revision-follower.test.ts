import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../core/logger.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { ManualClock, settle } from '../../core/testing/manual-clock.ts';
import { controlRig } from '../testing/control-rig.ts';
import { RevisionFollower } from './revision-follower.ts';

/** A store with a revision; a read of it ends when it is told to, with what the store had when the read began. */
function scripted() {
  const clock = new ManualClock();
  const published: number[] = [];
  const reads: { readonly end: () => void; readonly fail: () => void }[] = [];
  const state = { revision: 0 };
  const follower = new RevisionFollower({
    current: () => published.at(-1) ?? 0,
    read: () => {
      const snapshot = snapshotOf(state.revision);
      return new Promise((resolve, reject) => {
        reads.push({ end: () => resolve(snapshot), fail: () => reject(new TypeError('no store')) });
      });
    },
    publish: ({ version }) => published.push(version),
    clock,
    logger: silentLogger,
  });
  const inForce: number[] = [];
  const commit = () => {
    state.revision += 1;
    const revision = state.revision;
    void follower.committed(revision).then(() => inForce.push(revision));
  };
  return { follower, clock, commit, published, reads, inForce };
}

function snapshotOf(version: number): Snapshot {
  const workspace = { id: 'w', slug: 'w', name: 'w' };
  return { version, workspace, sources: [], connections: [], replays: [] };
}

test('changes that come while one is being read are one more snapshot, with the last of them', async () => {
  const { commit, published, reads, inForce } = scripted();
  commit();
  await settle();
  for (let change = 1; change < 50; change++) commit();
  assert.equal(reads.length, 1);
  reads[0]?.end();
  await settle();
  assert.deepEqual([published, inForce], [[1], [1]]);
  reads[1]?.end();
  await settle();
  assert.deepEqual(published, [1, 50]);
  assert.equal(inForce.length, 50);
  assert.equal(reads.length, 2);
});

test('a change is not in force by a snapshot that was begun before it', async () => {
  const { commit, reads, inForce } = scripted();
  commit();
  await settle();
  commit();
  reads[0]?.end();
  await settle();
  assert.deepEqual(inForce, [1]);
  commit();
  reads[1]?.end();
  await settle();
  assert.deepEqual(inForce, [1, 2]);
  reads[2]?.end();
  await settle();
  assert.deepEqual(inForce, [1, 2, 3]);
});

test('a change whose snapshot cannot be read holds nobody up, and is in force later', async () => {
  const { commit, clock, published, reads, inForce } = scripted();
  commit();
  await settle();
  reads[0]?.fail();
  await settle();
  assert.deepEqual([published, inForce], [[], [1]]);
  await clock.advanceSettling(1_000);
  reads[1]?.end();
  await settle();
  assert.deepEqual(published, [1]);
});

test('as long as a snapshot took, and 50 ms at most, changes are gathered for the next', async () => {
  const { commit, clock, published, reads } = scripted();
  commit();
  await settle();
  clock.advance(40);
  reads[0]?.end();
  await settle();
  commit();
  commit();
  await clock.advanceSettling(39);
  assert.equal(reads.length, 1);
  commit();
  await clock.advanceSettling(1);
  assert.equal(reads.length, 2);
  clock.advance(500);
  reads[1]?.end();
  await settle();
  assert.deepEqual(published, [1, 4]);
  commit();
  await clock.advanceSettling(50);
  assert.equal(reads.length, 3);
});

test('of requests that change something side by side none is lost, and each has at most one snapshot', async (t) => {
  const rig = await controlRig();
  t.after(() => rig.close());
  const before = rig.snapshots.length;
  const slugs = Array.from({ length: 30 }, (_, index) => `burst-${index}`);
  const answers = await Promise.all(
    slugs.map((slug) =>
      rig.call('POST', '/sources', { body: { slug, metadataId: 'http-api', enabled: true } }),
    ),
  );
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]));
  const made = rig.snapshots.slice(before);
  const known = new Set(made.at(-1)?.sources.map(({ slug }) => slug));
  assert.deepEqual(
    slugs.filter((slug) => !known.has(slug)),
    [],
  );
  assert.ok(made.length <= slugs.length, `${made.length} snapshots`);
  const versions = made.map(({ version }) => version);
  assert.deepEqual(
    versions,
    versions.toSorted((a, b) => a - b),
  );
});
