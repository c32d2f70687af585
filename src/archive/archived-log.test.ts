import assert from 'node:assert/strict';
import { test } from 'node:test';
import { archivedLog } from './archived-log.ts';
import { openArchiveReader } from './open-archive-reader.ts';
import { append, archiveRig, entry } from './testing/archive-rig.ts';

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
