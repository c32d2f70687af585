import assert from 'node:assert/strict';
import { entry, type LogCase, numbers, openBoth, readAll, text } from './log-case.ts';

export const restartCases: Record<string, LogCase> = {
  'everything acknowledged is there after a restart, in order': async (subject) => {
    const { writer } = await openBoth(subject.engine);
    await Promise.all(numbers(200).map((i) => writer.append([entry(`${i}`)])));
    const engine = await subject.reopen();
    const again = await openBoth(engine);
    await again.writer.append([entry('200')]);
    assert.deepEqual((await readAll(again.reader)).map(text), numbers(201).map(String));
  },

  'a reader alone sees after a restart what was acknowledged': async (subject) => {
    const { writer } = await openBoth(subject.engine);
    await writer.append([entry('a')], { mark: 5 });
    const engine = await subject.reopen();
    const reader = await engine.openReader('events', 0);
    assert.deepEqual((await readAll(reader)).map(text), ['a']);
    assert.equal(await reader.mark(), 5);
  },

  'an offset is never used again, also by a new writer': async (subject) => {
    let engine = subject.engine;
    let last = 0;
    for (const round of numbers(4)) {
      const { writer } = await openBoth(engine);
      assert.ok(writer.end > last);
      if (round % 2 === 0) last = await writer.append([entry('x')]);
      assert.ok(writer.end > last);
      last = Math.max(last, writer.end);
      engine = await subject.reopen();
    }
  },

  'a writer continues behind the floor, or does not open': async (subject) => {
    const { writer } = await openBoth(subject.engine);
    const offset = await writer.append([entry('a')]);
    const engine = await subject.reopen();
    const floor = offset + 10 ** 12;
    if (subject.choosesOffsets === false) {
      const opening = engine.openWriter('events', 0, { floor });
      await assert.rejects(opening, { code: 'log_corrupt' });
      return;
    }
    const again = await engine.openWriter('events', 0, { floor });
    assert.deepEqual(
      again.recovery.damaged.map(({ to, reason }) => ({ to, reason })),
      [{ to: floor, reason: 'the log ends before what was read of it' }],
    );
    assert.ok(again.writer.end > floor);
    assert.ok((await again.writer.append([entry('b')])) > floor);
    const reader = await engine.openReader('events', 0);
    assert.deepEqual((await readAll(reader)).map(text), ['a', 'b']);
  },
};
