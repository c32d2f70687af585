import assert from 'node:assert/strict';
import { entry, type LogCase, numbers, openBoth, readAll, text } from './log-case.ts';

export const readCases: Record<string, LogCase> = {
  'a unit of many records is read back in parts of maxBytes, each once': async ({ engine }) => {
    const { writer, reader } = await openBoth(engine);
    await writer.append(numbers(300).map((i) => entry(`${i}`, { meta: 'x'.repeat(50) })));
    const seen: string[] = [];
    let from = 0;
    let reads = 0;
    for (;;) {
      const { records, next } = await reader.read(from, { maxBytes: 1000 });
      if (records.length === 0) break;
      assert.ok(records.length < 60, 'about maxBytes are returned');
      seen.push(...records.map(text));
      from = next;
      reads++;
    }
    assert.deepEqual(seen, numbers(300).map(String));
    assert.ok(reads > 5);
  },

  'at least one record is returned, however small maxBytes is': async ({ engine }) => {
    const { writer, reader } = await openBoth(engine);
    await writer.append([entry('a'.repeat(5000)), entry('b')]);
    const first = await reader.read(0, { maxBytes: 1 });
    assert.equal(first.records.length, 1);
    const second = await reader.read(first.next, { maxBytes: 1 });
    assert.deepEqual(second.records.map(text), ['b']);
  },

  'a read begins at the record of the offset, or at the first behind it': async ({ engine }) => {
    const { writer, reader } = await openBoth(engine);
    await writer.append(numbers(50).map((i) => entry(`${i}`)));
    const all = await readAll(reader);
    for (const [i, record] of all.entries()) {
      const at = await reader.read(record.offset, { maxBytes: 1 });
      assert.equal(at.records[0] && text(at.records[0]), `${i}`);
      const behind = await reader.read(record.offset + 1, { maxBytes: 1 });
      assert.equal(behind.records[0] && text(behind.records[0]), all[i + 1] && `${i + 1}`);
    }
  },

  'a new reader begins in the middle of the log as well': async ({ engine }) => {
    const { writer, reader } = await openBoth(engine);
    for (const i of numbers(100)) await writer.append([entry(`${i}`), entry(`${i}`)]);
    const middle = (await readAll(reader))[101]?.offset ?? 0;
    const other = await engine.openReader('events', 0);
    const { records } = await other.read(middle);
    assert.equal(records.length, 99);
    assert.equal(records[0]?.offset, middle);
  },

  'next equals the offset asked for when nothing is new': async ({ engine }) => {
    const { writer, reader } = await openBoth(engine);
    await writer.append([entry('a')]);
    const { next } = await reader.read(0);
    assert.deepEqual(await reader.read(next), { records: [], next, damaged: [] });
    assert.ok(next >= (await reader.end()));
  },

  'a reader of a log that was never written finds it empty': async ({ engine }) => {
    const reader = await engine.openReader('results', 0);
    assert.deepEqual((await reader.read(0)).records, []);
    assert.equal(await reader.mark(), 0);
    assert.equal(await reader.count(0, Number.MAX_SAFE_INTEGER, 's', [1]), 0);
    assert.equal(await reader.offsetAt(0), await reader.end());
    assert.deepEqual(await engine.usage('results', 0), { bytes: 0, oldest: undefined });
  },

  'a reader opened before the writer sees what is written': async ({ engine }) => {
    const reader = await engine.openReader('events', 0);
    const waiting = reader.wait(0, AbortSignal.timeout(5000));
    const { writer } = await engine.openWriter('events', 0);
    await writer.append([entry('a')]);
    assert.equal(await waiting, true);
    assert.deepEqual((await readAll(reader)).map(text), ['a']);
  },

  'only the records of a source are returned when one is named': async ({ engine }) => {
    const { writer, reader } = await openBoth(engine);
    for (const i of numbers(30)) {
      await writer.append([
        entry(`${i}`, { source: `s${i % 3}` }),
        entry('other', { source: 's' }),
        entry('none', { source: '' }),
      ]);
    }
    const records = await readAll(reader, { source: 's1' });
    assert.deepEqual(
      records.map(text),
      numbers(30)
        .filter((i) => i % 3 === 1)
        .map(String),
    );
    assert.equal((await readAll(reader, { source: '' })).length, 30);
    const { records: none, next } = await reader.read(0, { source: 'unknown' });
    assert.deepEqual(none, []);
    assert.ok(next >= (await reader.end()), 'what was skipped is not read again');
  },

  'wait resolves true at once when something is there': async ({ engine }) => {
    const { writer, reader } = await openBoth(engine);
    await writer.append([entry('a')]);
    assert.equal(await reader.wait(0, AbortSignal.timeout(5000)), true);
  },

  'wait resolves true when something is appended, for every reader': async ({ engine }) => {
    const { writer, reader } = await openBoth(engine);
    const other = await engine.openReader('events', 0);
    const { next } = await reader.read(0);
    const both = [next, next].map((from, i) =>
      [reader, other][i]?.wait(from, AbortSignal.timeout(5000)),
    );
    await writer.append([entry('a')]);
    assert.deepEqual(await Promise.all(both), [true, true]);
    assert.deepEqual((await reader.read(next)).records.map(text), ['a']);
  },

  'wait resolves false when it is aborted or the reader is closed': async ({ engine }) => {
    const { writer, reader } = await openBoth(engine);
    await writer.append([entry('a')]);
    const { next } = await reader.read(0);
    const abort = new AbortController();
    const aborted = reader.wait(next, abort.signal);
    const closed = reader.wait(next, new AbortController().signal);
    abort.abort();
    assert.equal(await aborted, false);
    reader.wake();
    await reader.close();
    assert.equal(await closed, false);
    const late = await engine.openReader('events', 0);
    assert.equal(await late.wait(next, abort.signal), false);
  },

  'count counts the records of a source and of kinds in a range': async ({ engine }) => {
    const { writer, reader } = await openBoth(engine);
    for (const i of numbers(40)) {
      await writer.append([
        entry(`${i}`, { kind: 2, source: 'a' }),
        entry(`${i}`, { kind: 3, source: 'a' }),
        entry(`${i}`, { kind: 2, source: 'b' }),
      ]);
    }
    const all = await readAll(reader);
    const end = await reader.end();
    assert.equal(await reader.count(0, end, 'a', [2]), 40);
    assert.equal(await reader.count(0, end, 'a', [2, 3]), 80);
    assert.equal(await reader.count(0, end, 'b', [3]), 0);
    const [from, to] = [all[10]?.offset ?? 0, all[50]?.offset ?? 0];
    const expected = all.slice(10, 50).filter((r) => r.source === 'a' && r.kind === 2).length;
    assert.equal(await reader.count(from, to, 'a', [2]), expected);
  },
};
