import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { TributaryError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import type { ObjectStore } from '../core/object-store.ts';
import { recordKinds } from '../core/records.ts';
import { eventually } from '../core/testing/eventually.ts';
import type { ManualClock } from '../core/testing/manual-clock.ts';
import { openArchiveReader } from './open-archive-reader.ts';
import {
  append,
  archiveRig,
  day,
  entry,
  expired,
  idsOf,
  linesOf,
  manifest,
} from './testing/archive-rig.ts';

const noon = Date.UTC(2026, 10, 19, 12);

/** The disk and the compression take their own time; pauses are over at once. */
async function archived(clock: ManualClock, objects: ObjectStore, id: string): Promise<void> {
  const isThere = async () => (await idsOf(objects)).includes(id);
  await eventually(`"${id}" is archived`, isThere, { every: 5, step: () => clock.advance(5) });
}

/** Fails at the n-th put and all that follow, before or after it is done. */
function failing(objects: ObjectStore, at: number, when: 'before' | 'after'): ObjectStore {
  let puts = 0;
  return {
    ...objects,
    put: async (key, body) => {
      puts += 1;
      if (puts < at) return objects.put(key, body);
      if (puts === at && when === 'after') await objects.put(key, body);
      throw new TributaryError('object_store_failed', 'The far end is away');
    },
  };
}

test('events become lines of gzip files, one a source and received day, as the log held them', async (t) => {
  const { writer, engine, objects, start, store } = await archiveRig(t);
  const first = await (await engine.openReader('events', 0)).start();
  const kept = entry('1', noon, { body: { text: 'ünï😀\n"' } });
  await append(writer, [
    kept,
    entry('2', noon + day),
    entry('3', noon, { source: 'other' }),
    entry('4', noon, { kind: recordKinds.discard }),
    entry('5', noon + 1, { meta: { lane: ['d', 'a'] } }),
  ]);
  await append(writer, [entry('6', noon + 2)]);
  const archive = await start();
  await archive.flush();
  const midnight = noon - 12 * 3_600_000;
  const name = `abcd1234-0-${String(first).padStart(16, '0')}.ndjson.gz`;
  const all = await linesOf(objects);
  assert.deepEqual(Object.keys(all), [
    `segment-logs/other/${midnight}/${name}`,
    `segment-logs/src/${midnight}/${name}`,
    `segment-logs/src/${midnight + day}/${name}`,
  ]);
  assert.equal(all[`segment-logs/src/${midnight}/${name}`]?.[0], String(kept.body));
  assert.deepEqual((await idsOf(objects)).toSorted(), ['1', '2', '3', '6']);
  const rows = await manifest(store);
  assert.deepEqual(
    rows.map(({ source, day: of, events }) => [source, of, events]),
    [
      ['other', midnight, 1],
      ['src', midnight, 2],
      ['src', midnight + day, 1],
    ],
  );
});

test('each event is archived once, however often and wherever archiving is cut short', async (t) => {
  for (const when of ['before', 'after'] as const) {
    for (const at of [1, 2, 3]) {
      const { writer, objects, start } = await archiveRig(t);
      const ids = ['a', 'b', 'c'];
      await append(
        writer,
        ids.map((id, n) => entry(id, noon + n * day)),
      );
      const broken = failing(objects, at, when);
      const cut = await start({ objects: async () => broken });
      await assert.rejects(cut.flush(), { code: 'object_store_failed' });
      await cut.stop();
      await append(writer, [entry('d', noon)]);
      await (await start()).flush();
      assert.deepEqual((await idsOf(objects)).toSorted(), [...ids, 'd'], `${when} ${at}`);
    }
  }
});

test('a batch that was begun and written is not written differently by the next owner', async (t) => {
  const { writer, objects, start, store } = await archiveRig(t);
  await append(writer, [entry('a', noon), entry('b', noon, { meta: { u: 'gone' } })]);
  const broken = failing(objects, 2, 'after');
  const cut = await start({ objects: async () => broken });
  await append(writer, [entry('c', noon + day, { meta: { u: 'gone' } })]);
  await assert.rejects(cut.flush());
  await cut.stop();
  const suppressions = {
    refresh: () => undefined,
    isEmpty: false,
    has: (_: string, { userId }: { userId?: string | undefined }) => userId === 'gone',
  };
  await append(writer, [entry('d', noon)]);
  await (await start({ suppressions })).flush();
  assert.deepEqual(await idsOf(objects), ['a', 'd']);
  assert.equal((await manifest(store)).length, 2);
});

test('what the log lost under a pending batch is taken from the files that are there', async (t) => {
  const { writer, engine, objects, start, store } = await archiveRig(t);
  await append(writer, [entry('a', noon), entry('b', noon + day)]);
  const broken = failing(objects, 2, 'before');
  const cut = await start({ objects: async () => broken });
  await assert.rejects(cut.flush());
  await cut.stop();
  const later = await append(writer, [entry('c', noon)]);
  await engine.trim('events', 0, later);
  await (await start()).flush();
  assert.deepEqual((await idsOf(objects)).toSorted(), ['a', 'c']);
  assert.deepEqual(await expired(store), [{ source: '', day: 0, reason: 'log', events: 1 }]);
});

test('a former owner of the partition moves nothing any more', async (t) => {
  const { writer, start, store } = await archiveRig(t);
  await append(writer, [entry('a', noon)]);
  const former = await start();
  const current = await start();
  await assert.rejects(former.flush(), { code: 'lease_lost' });
  await current.flush();
  assert.equal((await manifest(store)).length, 1);
});

test('where input may stand in the log twice, the stamps tell', async (t) => {
  const { writer, objects, start } = await archiveRig(t);
  const stamped = (id: string, i: number, n: number, staged?: true) =>
    entry(id, noon, { meta: { i, n, ...(staged && { staged }) } });
  await append(writer, [stamped('a', 5, 0), stamped('b', 5, 1)]);
  const archive = await start({ inputRepeats: true });
  await archive.flush();
  await append(writer, [stamped('b', 5, 1), stamped('c', 6, 0), stamped('s', 1, 0, true)]);
  await archive.flush();
  assert.deepEqual((await idsOf(objects)).toSorted(), ['a', 'b', 'c', 's']);
});

test('it is written once the time has come, or there is a batch of it', async (t) => {
  const { writer, objects, clock, start } = await archiveRig(t);
  await start();
  await append(writer, [entry('a', noon)]);
  await clock.advanceSettling(3_500_000);
  assert.deepEqual(await idsOf(objects), []);
  await clock.advanceSettling(200_000);
  await archived(clock, objects, 'a');
  const large = 'x'.repeat(limits.logRecordBytes - 1_000);
  for (let at = 0; at * large.length < 1.1 * limits.archiveBatchBytes; at++) {
    await append(writer, [entry(`large ${at}`, noon, { body: { large } })]);
  }
  await clock.advanceSettling(2 * limits.archiveTickMs);
  await archived(clock, objects, 'large 0');
});

test('it gives way to what the process is busy with, up to twice the time', async (t) => {
  const { writer, objects, clock, start } = await archiveRig(t);
  await start({ isBusy: () => true });
  await append(writer, [entry('a', noon)]);
  await clock.advanceSettling(7_100_000);
  assert.deepEqual(await idsOf(objects), []);
  await clock.advanceSettling(120_000);
  await archived(clock, objects, 'a');
});

test('nothing is written while the disk has only its reserve left', async (t) => {
  const { writer, objects, clock, start } = await archiveRig(t);
  let hasRoom = false;
  await start({ hasRoom: () => hasRoom });
  await append(writer, [entry('a', noon)]);
  await clock.advanceSettling(7_300_000);
  assert.deepEqual(await idsOf(objects), []);
  hasRoom = true;
  await clock.advanceSettling(20_000);
  await archived(clock, objects, 'a');
});

test('days that are too old go, and what they held is counted', async (t) => {
  const { writer, objects, clock, start, store } = await archiveRig(t);
  const now = clock.now();
  await append(writer, [
    entry('old', now - 12 * day),
    entry('older', now - 12 * day),
    entry('new', now - 9 * day),
  ]);
  const policy = { everyMs: 3_600_000, keepMs: 10 * day, keepBytes: 0 };
  await (await start({ policy })).flush();
  assert.deepEqual(await idsOf(objects), ['new']);
  assert.deepEqual(
    (await expired(store)).map(({ source, reason, events }) => ({ source, reason, events })),
    [{ source: 'src', reason: 'age', events: 2 }],
  );
});

test('the oldest files go while all take too much', async (t) => {
  const { writer, objects, start, store } = await archiveRig(t);
  const archive = await start();
  for (const n of [0, 1, 2, 3]) {
    await append(writer, [entry(`${n}`, noon + n * day)]);
    await archive.flush();
  }
  await archive.stop();
  const sizes = (await manifest(store)).map(({ bytes }) => bytes);
  const keepBytes = (sizes[2] ?? 0) + (sizes[3] ?? 0);
  const policy = { everyMs: 3_600_000, keepMs: 0, keepBytes };
  await (await start({ policy })).flush();
  assert.deepEqual(await idsOf(objects), ['2', '3']);
  assert.deepEqual(
    (await expired(store)).map(({ reason, events }) => [reason, events]),
    [
      ['size', 1],
      ['size', 1],
    ],
  );
});

test('a reader finds the events of a source again, in order, with all that the log knew of them', async (t) => {
  const { writer, engine, objects, start, store } = await archiveRig(t);
  const long = 'f'.repeat(64);
  const given = Array.from({ length: 2_500 }, (_, n) =>
    entry(`m${n}`, noon + n * 40_000, {
      ...(n % 7 === 0 && { source: 'other' }),
      ...(n % 5 === 0 && { meta: { test: true as const } }),
      ...(n % 11 === 0 && { meta: { u: long }, body: { userId: 'long'.repeat(100) } }),
      ...(n % 13 === 0 && { body: { anonymousId: `a${n}` }, meta: { a: `a${n}` } }),
    }),
  );
  const archive = await start();
  for (let at = 0; at < given.length; at += 250) {
    await append(writer, given.slice(at, at + 250));
    if (at % 750 === 0) await archive.flush();
  }
  await archive.flush();
  const log = await engine.openReader('events', 0);
  const expectedOf = async (from: number, to: number) => {
    const { records } = await log.read(0, { maxBytes: 1e9, source: 'src' });
    return records.filter(({ offset }) => offset >= from && offset < to).map(plain);
  };
  const reader = openArchiveReader({ partition: 0, store, objects: async () => objects });
  const readAll = async (from: number, to: number) => {
    const all = [];
    for (let at = from; at < to; ) {
      const { records, next } = await reader.read('src', at, to);
      assert.ok(next > at);
      all.push(...records.map(plain));
      at = next;
    }
    return all;
  };
  const end = await log.end();
  const everything = await expectedOf(0, end);
  assert.deepEqual(await readAll(0, end), everything);
  const [from, to] = [everything[100]?.offset ?? 0, everything[1_800]?.offset ?? 0];
  assert.deepEqual(await readAll(from, to), everything.slice(100, 1_800));
  assert.equal(await reader.count('src', 0, end), everything.length);
  assert.equal(await reader.end(), end);
  const at = await reader.offsetAt('src', noon + 2_000 * 40_000);
  assert.ok(
    at !== undefined &&
      at <= (everything.find(({ meta }) => meta.t >= noon + 2_000 * 40_000)?.offset ?? 0),
  );
  assert.equal(await reader.offsetAt('src', noon + 365 * day), undefined);
  assert.deepEqual(await reader.read('nobody', 0, end), { records: [], next: end });
});

test('a damaged file is said to be, not read', async (t) => {
  const { writer, objects, start, store } = await archiveRig(t);
  await append(writer, [entry('a', noon)]);
  await (await start()).flush();
  const [row] = await manifest(store);
  assert(row !== undefined);
  const body = (await objects.get(row.key))?.body ?? Buffer.alloc(0);
  const reader = () => openArchiveReader({ partition: 0, store, objects: async () => objects });
  for (let at = 0; at < body.length; at += 1) {
    const changed = Buffer.from(body);
    changed[at] = (changed[at] ?? 0) ^ 0x40;
    await objects.put(row.key, changed);
    try {
      const { records } = await reader().read('src', 0, 1e15);
      // What a flipped bit of the unused bytes of the header leaves is what was there.
      assert.deepEqual(
        records.map(({ body: line }) => String(line)),
        [gunzipSync(body).toString().trim()],
      );
    } catch (error) {
      assert.ok(error instanceof TributaryError, `byte ${at}: ${String(error)}`);
    }
  }
});

function plain({
  offset,
  kind,
  source,
  meta,
  body,
}: {
  offset: number;
  kind: number;
  source: string;
  meta: string;
  body: Buffer;
}) {
  return { offset, kind, source, meta: JSON.parse(meta), body: String(body) };
}
