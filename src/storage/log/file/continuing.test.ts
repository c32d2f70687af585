import assert from 'node:assert/strict';
import { readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import type { LogRecord, Offset } from '../../../core/event-log.ts';
import {
  entry,
  LogFolder,
  range,
  readEverything,
  seededRandom,
  textsOf,
} from './testing/log-folder.ts';

it('a log cut below what was derived from it continues above, and nothing appended later is lost', async () => {
  const folder = await LogFolder.make();
  const engine = await folder.open();
  const { writer } = await engine.openWriter('accepted', 0);
  const offsets: Offset[] = [];
  for (const i of range(0, 20)) offsets.push(await writer.append([entry(`${i}`)]));
  await engine.close();
  // A disk that lied: half of the file and the end are gone. `events` has seen all of it.
  const cursor = (offsets.at(-1) ?? 0) + 1;
  await truncate(folder.path('accepted-0/00000001.log'), (offsets[10] ?? 0) % 2 ** 28);
  await rm(folder.path('accepted-0/end'));
  // A writer that knew of no floor wrote nothing; the one with it comes to lie behind.
  const after = await folder.open();
  const { writer: next, recovery } = await after.openWriter('accepted', 0, { floor: cursor });
  assert.ok(recovery.cutBytes > 0);
  const offset = await next.append([entry('later')]);
  assert.ok(offset > cursor);
  const reader = await after.openReader('accepted', 0);
  assert.deepEqual(textsOf((await reader.read(cursor)).records), ['later']);
  assert.deepEqual(textsOf((await readEverything(reader)).records), [
    ...range(0, 10).map(String),
    'later',
  ]);
  await after.close();
  await folder.remove();
});

describe('the chain of files', () => {
  it('reports a file that is missing in the middle, and reads on behind it', async () => {
    const folder = await LogFolder.make();
    const engine = await folder.open({ fileBytes: 1000 });
    const { writer } = await engine.openWriter('events', 0);
    for (const i of range(0, 40)) await writer.append([entry(`${i}`.padEnd(100))]);
    await engine.close();
    const numbers = (await readdir(folder.path('events-0'))).filter((f) => f.endsWith('.log'));
    assert.ok(numbers.length > 4);
    await rm(folder.path('events-0/00000003.log'));
    const after = await folder.open();
    const { recovery } = await after.openWriter('events', 0);
    assert.equal(recovery.damaged.length, 1);
    assert.match(recovery.damaged[0]?.reason ?? '', /missing/);
    const reader = await after.openReader('events', 0);
    const { records, damaged } = await readEverything(reader);
    assert.deepEqual(damaged, recovery.damaged);
    assert.deepEqual((await readEverything(reader)).damaged, []);
    assert.equal(records.at(-1)?.body.toString().trim(), '39');
    assert.ok(records.length < 40 && records.length > 30);
    await after.close();
    await folder.remove();
  });

  it('a restart without an append leaves no file behind', async () => {
    const folder = await LogFolder.make();
    for (const i of range(0, 5)) {
      const engine = await folder.open();
      const { writer } = await engine.openWriter('events', 0);
      if (i === 2) await writer.append([entry('a')], { mark: 4 });
      await engine.close();
    }
    const files = (await readdir(folder.path('events-0'))).filter((f) => f.endsWith('.log'));
    assert.deepEqual(files, ['00000003.log', '00000005.log']);
    const engine = await folder.open();
    const { writer } = await engine.openWriter('events', 0);
    assert.equal(writer.mark, 4);
    await engine.close();
    await folder.remove();
  });

  it('the published end in a file that is gone is damage, and its numbers are not used again', async () => {
    const folder = await LogFolder.make();
    const engine = await folder.open({ fileBytes: 1000 });
    const { writer } = await engine.openWriter('events', 0);
    for (const i of range(0, 20)) await writer.append([entry(`${i}`.padEnd(100))]);
    const { end } = writer;
    await engine.close();
    const files = (await readdir(folder.path('events-0'))).filter((f) => f.endsWith('.log'));
    await rm(folder.path(`events-0/${files.at(-1)}`));
    const after = await folder.open();
    const { writer: next, recovery } = await after.openWriter('events', 0);
    assert.match(recovery.damaged[0]?.reason ?? '', /missing/);
    assert.ok(next.end > end);
    await after.close();
    await folder.remove();
  });

  it('a closed file is cut to its end: zeros written ahead are given back', async () => {
    const folder = await LogFolder.make();
    const engine = await folder.open();
    const { writer } = await engine.openWriter('events', 0);
    await writer.append([entry('a')]);
    const { end } = writer;
    await engine.close();
    const { size } = await stat(folder.path('events-0/00000001.log'));
    assert.equal(size, end % 2 ** 28);
    await folder.remove();
  });
});

describe('the index of a file', () => {
  /** Three sources in stretches of their own, in one file of some megabytes. */
  async function threeStretches(): Promise<{ folder: LogFolder; perSource: number }> {
    const folder = await LogFolder.make();
    const engine = await folder.open();
    const { writer } = await engine.openWriter('events', 0);
    const body = 'x'.repeat(50_000);
    for (const source of ['a', 'b', 'c']) {
      for (const _ of range(0, 60)) await writer.append([entry(body, source)]);
    }
    await engine.close();
    return { folder, perSource: 60 };
  }

  it('lets a reader of one source pass over the blocks of others', async () => {
    const { folder, perSource } = await threeStretches();
    // Blocks that are passed over are not even read: damage in them goes unnoticed.
    const path = folder.path('events-0/00000001.log');
    const bytes = await readFile(path);
    bytes.fill(0xaa, 1_000_000, 1_100_000);
    await writeFile(path, bytes);
    const engine = await folder.open();
    const reader = await engine.openReader('events', 0);
    await engine.openWriter('events', 0);
    const filtered = await readEverything(reader, { source: 'c' });
    assert.equal(filtered.records.length, perSource);
    assert.deepEqual(filtered.damaged, []);
    assert.equal(await reader.count(0, Number.MAX_SAFE_INTEGER, 'c', [2]), perSource);
    const all = await readEverything(reader);
    assert.ok(all.damaged.length > 0);
    await engine.close();
    await folder.remove();
  });

  it('is rebuilt when it is missing or damaged', async () => {
    const { folder, perSource } = await threeStretches();
    const path = folder.path('events-0/00000001.idx');
    const saved = await readFile(path);
    for (const harm of [
      () => rm(path),
      () => writeFile(path, saved.subarray(0, 100)),
      () => writeFile(path, saved.toString().replace('"c"', '"d"')),
      () => writeFile(path, ''),
    ]) {
      await harm();
      const engine = await folder.open();
      await engine.openWriter('events', 0);
      const reader = await engine.openReader('events', 0);
      for (const source of ['a', 'b', 'c']) {
        const { records } = await readEverything(reader, { source });
        assert.equal(records.length, perSource, source);
      }
      assert.equal((await readEverything(reader, { source: 'd' })).records.length, 0);
      await engine.close();
    }
    await folder.remove();
  });
});

it('a reader whose file is trimmed away reads on at the start', async () => {
  const folder = await LogFolder.make();
  const engine = await folder.open({ fileBytes: 1000 });
  const { writer } = await engine.openWriter('events', 0);
  for (const i of range(0, 40)) await writer.append([entry(`${i}`)]);
  const other = await folder.open();
  const reader = await other.openReader('events', 0);
  const { records } = await reader.read(0, { maxBytes: 1 });
  assert.equal(records.length, 1);
  // The other engine does not hear of it.
  const start = await engine.trim('events', 0, writer.end);
  assert.equal(await reader.start(), start);
  const rest = await readEverything(reader);
  assert.ok((rest.records[0]?.offset ?? 0) >= start);
  assert.deepEqual(rest.damaged, []);
  assert.equal(rest.records.at(-1)?.body.toString(), '39');
  await engine.close();
  await other.close();
  await folder.remove();
});

it('a torn write of the end leaves the end before it', async () => {
  const folder = await LogFolder.make();
  const engine = await folder.open();
  const { writer } = await engine.openWriter('events', 0);
  await writer.append([entry('a')]);
  const { end } = writer;
  const other = await folder.open();
  const reader = await other.openReader('events', 0);
  assert.equal(await reader.end(), end);
  // The end torn while it is read: the slot before it counts.
  const path = folder.path('events-0/end');
  const word = await readFile(path);
  await writer.append([entry('b')]);
  const newer = await readFile(path);
  const slot = newer.findIndex((byte, i) => byte !== word[i]) < 40 ? 0 : 40;
  await writeFile(folder.path('events-0/torn'), newer.fill(7, slot + 8, slot + 20));
  await rename(folder.path('events-0/torn'), path);
  const third = await folder.open();
  assert.equal(await (await third.openReader('events', 0)).end(), end);
  await third.close();
  await engine.close();
  await other.close();
  await folder.remove();
});

it('any interleaving of appends, restarts, trims and readers agrees with a list', async () => {
  const random = seededRandom();
  const pick = (most: number) => Math.floor(random() * most);
  for (const round of range(0, 6)) {
    const folder = await LogFolder.make();
    const fileBytes = [700, 3000, 100_000][round % 3] ?? 700;
    let engine = await folder.open({ fileBytes });
    let { writer } = await engine.openWriter('events', 0);
    let reader = await engine.openReader('events', 0);
    const model: { offset: Offset; text: string; source: string }[] = [];
    let cursor = 0;
    const taken: string[] = [];
    for (const step of range(0, 120)) {
      const action = pick(12);
      if (action < 7) {
        const units = range(0, 1 + pick(6)).map((u) =>
          range(0, 1 + pick(4)).map((e) => ({
            text: `${round}-${step}-${u}-${e}`.padEnd(pick(300)),
            source: `s${pick(3)}`,
          })),
        );
        const offsets = await Promise.all(
          units.map((unit) => writer.append(unit.map(({ text, source }) => entry(text, source)))),
        );
        for (const [u, unit] of units.entries()) {
          let offset = offsets[u] ?? 0;
          for (const { text, source } of unit) {
            model.push({ offset, text, source });
            offset += 10 + source.length + 2 + Buffer.byteLength(text);
          }
        }
      } else if (action < 9) {
        const { records, next } = await reader.read(cursor, { maxBytes: 1 + pick(2000) });
        taken.push(...textsOf(records));
        cursor = next;
      } else if (action === 9) {
        await engine.close();
        engine = await folder.open({ fileBytes });
        ({ writer } = await engine.openWriter('events', 0));
        reader = await engine.openReader('events', 0);
      } else if (action === 10) {
        const at = model[pick(model.length)]?.offset ?? 0;
        const source = pick(2) === 0 ? `s${pick(3)}` : undefined;
        const wanted = (r: { offset: Offset; source: string }) =>
          r.offset >= Math.max(at, start) && (source === undefined || r.source === source);
        const start = await reader.start();
        const found = await readEverything(reader, {
          from: at,
          maxBytes: 1 + pick(5000),
          ...(source === undefined ? {} : { source }),
        });
        assert.deepEqual(
          found.records.map(plain),
          model.filter(wanted).map(({ offset, text }) => ({ offset, text })),
        );
      } else if (pick(4) === 0 && taken.length > 0) {
        await engine.trim('events', 0, cursor);
      }
    }
    const rest = await readEverything(reader, { from: cursor });
    taken.push(...textsOf(rest.records));
    assert.deepEqual(
      taken,
      model.map(({ text }) => text),
      'a cursor takes every record once, in order',
    );
    await engine.close();
    await folder.remove();
  }
});

function plain(record: LogRecord) {
  return { offset: record.offset, text: record.body.toString() };
}
