import assert from 'node:assert/strict';
import { TributaryError } from '../errors.ts';
import type { Offset } from '../event-log.ts';
import {
  assertion,
  entry,
  type LogCase,
  numbers,
  openBoth,
  plain,
  readAll,
  text,
  unavailable,
} from './log-case.ts';

export const writeCases: Record<string, LogCase> = {
  'a record comes back as it was appended': async ({ engine }) => {
    const { writer, reader } = await openBoth(engine);
    const entries = [
      entry('one', { kind: 1, source: 'src', meta: '{"t":1}' }),
      entry('', { kind: 255, source: '', meta: '' }),
      entry('two', { kind: 2, source: 's'.repeat(64), meta: '{"ua":"Grüße, 世界 🌍"}' }),
      { kind: 3, source: 'b', meta: '{}', body: Uint8Array.from([0, 255, 10, 128]) },
    ];
    await writer.append(entries);
    assert.deepEqual((await readAll(reader)).map(plain), entries.map(plain));
  },

  'records keep the order of the appends, also of those that wait together': async ({ engine }) => {
    const { writer, reader } = await openBoth(engine);
    const offsets = await Promise.all(numbers(500).map((i) => writer.append([entry(`${i}`)])));
    const records = await readAll(reader);
    assert.deepEqual(records.map(text), numbers(500).map(String));
    assert.deepEqual(
      records.map((record) => record.offset),
      offsets,
    );
  },

  'an append resolves with the offset of its first record': async ({ engine }) => {
    const { writer, reader } = await openBoth(engine);
    await writer.append([entry('a')]);
    const offset = await writer.append([entry('b'), entry('c')]);
    const { records } = await reader.read(offset);
    assert.equal(records[0]?.offset, offset);
    assert.deepEqual(records.map(text), ['b', 'c']);
  },

  'offsets grow, are safe integers and lie below the end': async ({ engine }) => {
    const { writer, reader } = await openBoth(engine);
    assert.ok(writer.end > 0);
    let last = 0;
    for (const i of numbers(20)) {
      const before = writer.end;
      const offset = await writer.append([entry(`${i}`)]);
      assert.ok(Number.isSafeInteger(offset) && offset > last && offset >= before);
      assert.ok(offset < writer.end);
      assert.equal(await reader.end(), writer.end);
      last = offset;
    }
  },

  'the body is copied: the caller may reuse it once append returned': async ({ engine }) => {
    const { writer, reader } = await openBoth(engine);
    const body = Buffer.from('before');
    const done = writer.append([{ ...entry(''), body }]);
    body.write('after!');
    await done;
    assert.deepEqual((await readAll(reader)).map(text), ['before']);
  },

  'a large record comes back whole': async ({ engine }) => {
    const { writer, reader } = await openBoth(engine);
    const body = Buffer.alloc(3_000_000, 'large');
    await writer.append([{ ...entry(''), body }]);
    await writer.append([entry('after')]);
    const [large, after] = await readAll(reader);
    assert.ok(large?.body.equals(body));
    assert.equal(after && text(after), 'after');
  },

  'logs do not mix': async ({ engine }) => {
    const events = await openBoth(engine, 'events');
    const results = await openBoth(engine, 'results');
    await events.writer.append([entry('event')]);
    await results.writer.append([entry('result')]);
    assert.deepEqual((await readAll(events.reader)).map(text), ['event']);
    assert.deepEqual((await readAll(results.reader)).map(text), ['result']);
  },

  'a mark is carried forward until the next one, and over a restart': async (subject) => {
    const { writer, reader } = await openBoth(subject.engine);
    assert.equal(writer.mark, 0);
    await writer.append([entry('a')], { mark: 7 });
    assert.equal(writer.mark, 7);
    await writer.append([entry('b')]);
    assert.equal(writer.mark, 7);
    assert.equal(await reader.mark(), 7);
    const engine = await subject.reopen();
    const again = await openBoth(engine);
    assert.equal(again.writer.mark, 7);
    assert.equal(await again.reader.mark(), 7);
    await again.writer.append([entry('c')], { mark: 7 });
    await again.writer.append([entry('d')], { mark: 9 });
    assert.equal(await again.reader.mark(), 9);
  },

  'an empty unit with a mark moves the mark and adds no record': async (subject) => {
    const { writer, reader } = await openBoth(subject.engine);
    await writer.append([entry('a')]);
    await writer.append([], { mark: 42 });
    assert.equal(await reader.mark(), 42);
    assert.deepEqual((await readAll(reader)).map(text), ['a']);
    const again = await openBoth(await subject.reopen());
    assert.equal(again.writer.mark, 42);
  },

  'a mark is never lowered, and a unit is not empty without one': async ({ engine }) => {
    const { writer } = await openBoth(engine);
    await writer.append([], { mark: 5 });
    await assert.rejects(async () => writer.append([entry('a')], { mark: 4 }), assertion);
    await assert.rejects(async () => writer.append([]), assertion);
    await assert.rejects(async () => writer.append([], {}), assertion);
  },

  'onCommit is called once what was appended can be read': async ({ engine }) => {
    const reader = await engine.openReader('events', 0);
    let ends: Promise<Offset>[] = [];
    const { writer } = await engine.openWriter('events', 0, {
      onCommit: () => ends.push(reader.end()),
    });
    ends = [];
    const offset = await writer.append([entry('a')]);
    await writer.close();
    assert.ok(ends.length > 0);
    assert.ok(((await ends[0]) ?? 0) > offset);
  },

  'close flushes what was appended, and later appends reject': async (subject) => {
    const { writer } = await openBoth(subject.engine);
    const pending = numbers(50).map((i) => writer.append([entry(`${i}`)]));
    await writer.close();
    await Promise.all(pending);
    await assert.rejects(() => writer.append([entry('late')]), unavailable);
    const { reader } = await openBoth(await subject.reopen());
    assert.equal((await readAll(reader)).length, 50);
  },

  'one writer holds a log; the next may open it once it is closed': async ({ engine }) => {
    const first = await engine.openWriter('events', 0);
    await assert.rejects(
      () => engine.openWriter('events', 0),
      (error) => error instanceof TributaryError && error.code === 'log_locked',
    );
    await first.writer.close();
    const second = await engine.openWriter('events', 0);
    await second.writer.append([entry('a')]);
  },

  'a record beyond the bound is a bug of the caller': async ({ engine }) => {
    const { writer, reader } = await openBoth(engine);
    const body = Buffer.alloc(5 * 1024 * 1024);
    await assert.rejects(
      async () => writer.append([entry('a'), { ...entry(''), body }]),
      assertion,
    );
    await writer.append([entry('b')]);
    assert.deepEqual((await readAll(reader)).map(text), ['b'], 'nothing of the unit is kept');
  },

  'there is room until the reserve is reached': async ({ engine }) => {
    assert.equal(typeof engine.hasRoom(), 'boolean');
  },
};
