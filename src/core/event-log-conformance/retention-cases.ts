import assert from 'node:assert/strict';
import type { Offset } from '../event-log.ts';
import { entry, type LogCase, numbers, openBoth, readAll, text } from './log-case.ts';

export const retentionCases: Record<string, LogCase> = {
  'offsetAt finds the first commit made at or after a time': async (subject, time) => {
    const { writer } = await openBoth(subject.engine);
    const offsets: Offset[] = [];
    for (const i of numbers(60)) {
      time.now = 2_000_000 + i * 1000;
      offsets.push(await writer.append([entry(`${i}`, { meta: 'x'.repeat(200) })]));
    }
    const engines = [subject.engine, await subject.reopen()];
    for (const engine of engines.slice(-1)) {
      const reader = await engine.openReader('events', 0);
      for (const i of numbers(60)) {
        for (const early of [0, 999]) {
          const at = await reader.offsetAt(2_000_000 + i * 1000 - early);
          const first = (await reader.read(at, { maxBytes: 1 })).records[0];
          assert.equal(first?.offset, offsets[i]);
        }
      }
      assert.equal(await reader.offsetAt(2_060_000), await reader.end());
      assert.deepEqual((await reader.read(await reader.offsetAt(0))).records.length, 60);
    }
  },

  'offsetAt passes over nothing that is appended while it looks': async ({ engine }, time) => {
    const { writer, reader } = await openBoth(engine);
    for (const i of numbers(100)) {
      time.now = 2_000_000 + i * 1000;
      const appending = writer.append([entry(`${i}`)]);
      const [found, appended] = await Promise.all([reader.offsetAt(time.now), appending]);
      assert.ok(found <= appended, `${found} is behind ${appended}`);
    }
  },

  'commit times never go back when the clock does': async (subject, time) => {
    const { writer, reader } = await openBoth(subject.engine);
    for (const i of numbers(100)) {
      time.now = i < 50 ? 5_000_000 : 4_000_000;
      await writer.append([entry(`${i}`, { meta: 'x'.repeat(500) })]);
    }
    assert.equal(await reader.offsetAt(5_000_001), await reader.end());
    const late = await subject.engine.offsetKeeping('events', 0, 20_000);
    await subject.engine.trim('events', 0, late);
    assert.ok(Number((await readAll(reader)).map(text)[0]) > 50);
    assert.equal((await subject.engine.usage('events', 0)).oldest, 5_000_000);
  },

  'trim deletes whole units before an offset and never the last one': async (subject) => {
    const { writer, reader } = await openBoth(subject.engine);
    for (const i of numbers(200)) await writer.append([entry(`${i}`, { meta: 'x'.repeat(500) })]);
    const all = await readAll(reader);
    const middle = all[100]?.offset ?? 0;
    const before = await reader.start();
    const foretold = await subject.engine.startAfterTrim('events', 0, middle);
    assert.equal(await reader.start(), before);
    const start = await subject.engine.trim('events', 0, middle);
    assert.ok(start > before && start <= middle, 'something went, nothing at or after the offset');
    assert.equal(await reader.start(), start);
    assert.equal(start, foretold);
    const left = await readAll(reader);
    assert.deepEqual(
      left.map(text),
      all.filter((r) => r.offset >= start).map(text),
      'a read from before the start begins at the start',
    );
    await subject.engine.trim('events', 0, Number.MAX_SAFE_INTEGER);
    await writer.append([entry('200')]);
    assert.equal((await readAll(reader)).map(text).at(-1), '200');
  },

  'usage says the bytes kept and the time of the oldest commit': async (subject, time) => {
    const { writer } = await openBoth(subject.engine);
    for (const i of numbers(100)) {
      time.now = 3_000_000 + i;
      await writer.append([entry(`${i}`, { meta: 'x'.repeat(500) })]);
    }
    const usage = await subject.engine.usage('events', 0);
    assert.ok(usage.bytes >= 50_000 && usage.bytes < 100_000, `${usage.bytes}`);
    assert.equal(usage.oldest, 3_000_000);
    const half = await subject.engine.offsetKeeping('events', 0, 25_000);
    await subject.engine.trim('events', 0, half);
    const after = await subject.engine.usage('events', 0);
    assert.ok(after.bytes <= 25_000 && after.bytes > 5_000, `${after.bytes}`);
    assert.ok((after.oldest ?? 0) > 3_000_000);
  },

  'offsetKeeping trims nothing while the log is small enough': async ({ engine }) => {
    const { writer, reader } = await openBoth(engine);
    await writer.append([entry('a')]);
    const at = await engine.offsetKeeping('events', 0, 10 ** 9);
    assert.ok(at <= (await reader.start()) || (await engine.trim('events', 0, at)) <= at);
    assert.deepEqual((await readAll(reader)).map(text), ['a']);
  },
};
