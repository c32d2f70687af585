import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordKinds } from '../core/records.ts';
import { archivedLog } from './archived-log.ts';
import { openArchiveReader } from './open-archive-reader.ts';
import { restoreLines } from './restore-archive.ts';
import { append, archiveRig, entry, linesOf } from './testing/archive-rig.ts';
import { verifyArchive } from './verify-archive.ts';

const noon = Date.UTC(2026, 10, 18, 12);
const minute = 60_000;

test('archive and log are read as one: every event of the sources once, in the order of the log', async (t) => {
  const { writer, engine, objects, start, store } = await archiveRig(t);
  const archive = await start();
  const sources = ['one', 'two', 'three'];
  for (let n = 0; n < 3_000; n += 100) {
    const some = Array.from({ length: 100 }, (_, at) => {
      const source = sources[(n + at * 7) % 3] ?? '';
      return entry(`${n + at}`, noon + (n + at) * minute, { source });
    });
    await append(writer, some);
    if (n % 700 === 0) await archive.flush();
  }
  await archive.flush();
  const log = await engine.openReader('events', 0);
  const all = (await log.read(0, { maxBytes: 1e9 })).records.map((record) => ({
    ...record,
    body: Buffer.from(record.body),
  }));
  const begin = await engine.trim('events', 0, all[2_100]?.offset ?? 0);
  assert.ok(begin > (all[1_000]?.offset ?? 0), 'most is behind the log');
  const reader = openArchiveReader({ partition: 0, store, objects: async () => objects });
  const whole = archivedLog(log, reader, ['one', 'two']);
  assert.equal(await whole.start(), 0);
  const from = await whole.offsetAt(noon + 500 * minute);
  const given: string[] = [];
  const end = await whole.end();
  for (let at = from; at < end; ) {
    const { records, next } = await whole.read(at, { maxBytes: 10_000 });
    assert.ok(next > at);
    given.push(
      ...records.filter(({ source }) => source !== 'three').map(({ offset }) => `${offset}`),
    );
    at = next;
  }
  const wanted = all.filter(({ source, offset }) => source !== 'three' && offset >= from);
  assert.deepEqual(
    given,
    wanted.map(({ offset }) => `${offset}`),
  );
  assert.ok(wanted.some(({ meta }) => JSON.parse(meta).t <= noon + 501 * minute));
});

test('where the log was deleted before it was archived it begins with the log', async (t) => {
  const { writer, engine, objects, start, store } = await archiveRig(t);
  await append(writer, [entry('a', noon)]);
  const archive = await start();
  await archive.flush();
  await archive.stop();
  await append(writer, [entry('b', noon)]);
  const last = await append(writer, [entry('c', noon)]);
  await engine.trim('events', 0, last);
  const log = await engine.openReader('events', 0);
  const reader = openArchiveReader({ partition: 0, store, objects: async () => objects });
  assert.equal(await archivedLog(log, reader, ['src']).start(), await log.start());
});

test('objects have files of their own, of which no event is one, and are read in their place behind the log', async (t) => {
  const { writer, engine, objects, start, store } = await archiveRig(t);
  const object = (id: string, name: string, at: number, more: object = {}) => {
    const said = {
      collection: 'products',
      id,
      properties: { name },
      messageId: `set-${id}-${name}`,
    };
    const meta = { collection: 'products', object: id, ...more };
    const made = entry(said.messageId, at, { kind: recordKinds.object });
    const { type: _, u: __, ...stamped } = JSON.parse(made.meta);
    return {
      ...made,
      meta: JSON.stringify({ ...stamped, ...meta }),
      body: Buffer.from(JSON.stringify({ ...said, receivedAt: new Date(at).toISOString() })),
    };
  };
  await append(writer, [
    entry('e1', noon),
    object('p1', 'first', noon + minute),
    entry('e2', noon + 2 * minute),
    object('p1', 'second', noon + 3 * minute, { test: true }),
    object('p2', 'other', noon + 26 * 60 * minute),
  ]);
  const archive = await start();
  await archive.flush();
  const log = await engine.openReader('events', 0);
  const all = (await log.read(0, { maxBytes: 1e9 })).records.map((record) => ({
    ...record,
    body: record.body.toString(),
  }));
  const files = await linesOf(objects);
  const ofKind = (prefix: string) =>
    Object.entries(files).flatMap(([key, lines]) => (key.startsWith(prefix) ? lines : []));
  assert.deepEqual(
    ofKind('segment-logs/src/').map((line) => JSON.parse(line).messageId),
    ['e1', 'e2'],
  );
  assert.deepEqual(
    ofKind('segment-objects/src/').map((line) => JSON.parse(line).properties.name),
    ['first', 'second', 'other'],
  );
  assert.deepEqual((await verifyArchive(store, objects)).problems, []);
  const restored: string[] = [];
  const range = { from: noon, to: noon + 60 * minute, source: 'src', objectsOnly: true };
  for await (const line of restoreLines(objects, range)) restored.push(line.toString());
  assert.deepEqual(restored, ofKind('segment-objects/').slice(0, 2));
  const reader = openArchiveReader({ partition: 0, store, objects: async () => objects });
  const events = await reader.read('src', 0, Number.MAX_SAFE_INTEGER);
  assert.ok(events.records.every(({ kind }) => kind === recordKinds.event));

  // As if the log began behind it all.
  log.start = () => log.end();
  const whole = archivedLog(log, reader, ['src']);
  assert.ok((await whole.offsetAt(noon + minute)) <= (all[0]?.offset ?? 0));
  const given = [];
  const end = await whole.end();
  for (let at = 0; at < end; ) {
    const { records, next } = await whole.read(at);
    given.push(...records);
    assert.ok(next > at);
    at = next;
  }
  const plain = given.map(({ meta, body, ...record }) => ({
    ...record,
    meta: JSON.parse(meta),
    body: body.toString(),
  }));
  assert.deepEqual(
    plain,
    all.map(({ meta, ...record }) => ({ ...record, meta: JSON.parse(meta) })),
  );
});
