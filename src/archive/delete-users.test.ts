import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deletion } from '../core/deletion.ts';
import { TributaryError } from '../core/errors.ts';
import type { LogWriter } from '../core/event-log.ts';
import type { ObjectStore } from '../core/object-store.ts';
import { eventually } from '../core/testing/eventually.ts';
import { openArchiveReader } from './open-archive-reader.ts';
import { append, archiveRig, day, entry, idsOf, manifest } from './testing/archive-rig.ts';

const noon = Date.UTC(2026, 10, 18, 12);

function deletion(more: Partial<Deletion> = {}): Deletion {
  return {
    id: 'reg',
    sourceId: undefined,
    subjectType: 'USER_ID',
    subjectIds: new Set(['gone']),
    before: noon + 10 * day,
    isLast: true,
    ...more,
  };
}

const of = (id: string, user: string, more: object = {}, at = noon, source = 'src') =>
  entry(id, at, { source, body: { userId: user, ...more }, meta: { u: user } });

async function two(writer: LogWriter) {
  await append(writer, [
    of('1', 'gone'),
    of('2', 'stays'),
    of('3', 'stays', { previousId: 'gone' }),
    of('4', 'stays', { text: 'gone' }),
    of('5', 'gone', {}, noon + day),
    of('6', 'gone', {}, noon, 'other'),
  ]);
}

const progressOf = async (store: Awaited<ReturnType<typeof archiveRig>>['store']) =>
  (await store.db.selectFrom('deletion_progress').selectAll().execute()).map(
    ({ part, state, done, total, events }) => ({ part, state, done, total, events }),
  );

test('what the archive holds of a deleted user goes, also what the log alone held, and no other line', async (t) => {
  const { writer, objects, store, clock, start } = await archiveRig(t);
  await two(writer);
  await start({ deletions: async () => [deletion()] });
  await done(clock, store, 1);
  assert.deepEqual(await idsOf(objects), ['2', '4']);
  assert.deepEqual(await progressOf(store), [
    { part: 'archive', state: 'done', done: 3, total: 3, events: 4 },
  ]);
  const reader = openArchiveReader({ partition: 0, store, objects: async () => objects });
  const { records } = await reader.read('src', 0, 1e15);
  assert.deepEqual(
    records.map(({ meta }) => JSON.parse(meta).id),
    ['2', '4'],
  );
  const [row, ...more] = await manifest(store);
  assert.deepEqual([row?.events, more], [2, []]);
  assert.equal((await objects.find(row?.key ?? ''))?.bytes, row?.bytes);
});

test('a deletion of one source, of anonymous users, or up to a moment, goes no further', async (t) => {
  const cases: [Partial<Deletion>, string[]][] = [
    [{ sourceId: 'other' }, ['1', '2', '3', '4', '5']],
    [{ subjectType: 'ANONYMOUS_ID' }, ['1', '2', '4', '5', '6']],
    [{ before: noon + day }, ['2', '4', '5']],
    [
      { subjectIds: new Set(Array.from({ length: 50 }, (_, n) => `u${n}`)) },
      ['1', '2', '3', '4', '5', '6'],
    ],
  ];
  for (const [more, left] of cases) {
    const { writer, objects, store, clock, start } = await archiveRig(t);
    await two(writer);
    await start({ deletions: async () => [deletion(more)] });
    await done(clock, store, 1);
    assert.deepEqual((await idsOf(objects)).toSorted(), left, JSON.stringify(more));
  }
});

test('it is done at once, and once more when nothing from before can come any more', async (t) => {
  const { writer, objects, store, clock, start } = await archiveRig(t);
  await two(writer);
  let isLast = false;
  await start({ deletions: async () => [deletion({ isLast })] });
  await done(clock, store, 1);
  assert.deepEqual(await idsOf(objects), ['2', '4']);
  await append(writer, [of('late', 'gone')]);
  isLast = true;
  await done(clock, store, 2);
  assert.deepEqual(await idsOf(objects), ['2', '4']);
  assert.deepEqual((await progressOf(store)).map(({ part }) => part).toSorted(), [
    'archive',
    'archive at once',
  ]);
});

test('a deletion that is cut short begins again, and the manifest is right afterwards', async (t) => {
  for (const cutAt of [1, 2]) {
    const { writer, objects, store, clock, start } = await archiveRig(t);
    await two(writer);
    await append(writer, [of('7', 'stays', {}, noon + day)]);
    const first = await start();
    await first.flush();
    await first.stop();
    let puts = 0;
    const broken: ObjectStore = {
      ...objects,
      // Written, and then the process dies.
      put: async (key, body) => {
        puts += 1;
        await objects.put(key, body);
        if (puts < cutAt) return { ok: true, etag: '' };
        throw new TributaryError('object_store_failed', 'away');
      },
    };
    const cut = await start({ objects: async () => broken, deletions: async () => [deletion()] });
    await done(clock, store, 0, () => puts >= cutAt);
    await cut.stop();
    await start({ deletions: async () => [deletion()] });
    await done(clock, store, 1);
    assert.deepEqual(await idsOf(objects), ['2', '4', '7']);
    for (const { key, bytes, events } of await manifest(store)) {
      assert.equal((await objects.find(key))?.bytes, bytes);
      assert.equal(events, key.includes(String(noon - 12 * 3_600_000)) ? 2 : 1);
    }
  }
});

/** Moves the clock until so many deletions are done. */
async function done(
  clock: Awaited<ReturnType<typeof archiveRig>>['clock'],
  store: Awaited<ReturnType<typeof archiveRig>>['store'],
  count: number,
  also: () => boolean = () => true,
): Promise<void> {
  const areDone = async () => {
    const ended = (await progressOf(store)).filter(({ state }) => state === 'done').length;
    return ended >= count && also();
  };
  let steps = 0;
  const step = () => clock.advance(steps++ % 50 === 0 ? 10_000 : 1);
  await eventually(`deletions done: ${count}, and what else is waited for`, areDone, {
    every: 1,
    step,
  });
}
