import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limits } from '../../../core/limits.ts';
import { ManualClock } from '../../../core/testing/manual-clock.ts';
import { type FileIo, systemFileIo } from './file-io.ts';
import { InlineWrites } from './inline-writes.ts';
import { entry, LogFolder, readEverything } from './testing/log-folder.ts';

const quick = limits.logInlineMs / 10;
const slow = limits.logInlineMs * 5;

describe('writes on the thread of the event loop', () => {
  it('are for small groups, while the disk is quick on average', () => {
    const inline = new InlineWrites(new ManualClock());
    assert.equal(inline.allows(limits.logInlineBytes), true);
    assert.equal(inline.allows(limits.logInlineBytes + 1), false);
    for (let i = 0; i < 20; i++) inline.took(quick);
    inline.took(slow);
    assert.equal(inline.allows(1), true, 'one slow write is no slow disk');
  });

  it('are left to the thread pool for a second when the disk is slow, then ever longer', () => {
    const clock = new ManualClock();
    const inline = new InlineWrites(clock);
    const tryUntilSlow = () => {
      for (let i = 0; i < 20 && inline.allows(1); i++) inline.took(slow);
      assert.equal(inline.allows(1), false);
    };
    tryUntilSlow();
    clock.advance(1_000);
    assert.equal(inline.allows(1), true);
    tryUntilSlow();
    clock.advance(1_000);
    assert.equal(inline.allows(1), false);
    clock.advance(1_000);
    assert.equal(inline.allows(1), true);
    for (let i = 0; i < 20; i++) inline.took(quick);
    tryUntilSlow();
    clock.advance(1_000);
    assert.equal(inline.allows(1), true, 'a disk that became quick is trusted as at first');
  });

  it('keep what they wrote, and refuse what they could not write, like those of the thread pool', async () => {
    const folder = await LogFolder.make();
    let inlineWrites = 0;
    let failing = false;
    const io: FileIo = {
      ...systemFileIo,
      writeNow: (...write) => {
        inlineWrites++;
        if (failing) throw Object.assign(new RangeError('no space'), { code: 'ENOSPC' });
        systemFileIo.writeNow?.(...write);
      },
    };
    const engine = await folder.open({ io });
    const { writer } = await engine.openWriter('accepted', 0);
    // Not while the first zeros are written ahead: such a group goes by the thread pool.
    while (inlineWrites < 2) await writer.append([entry('kept')]);
    failing = true;
    await assert.rejects(writer.append([entry('lost')]), { code: 'log_unavailable' });
    failing = false;
    await writer.append([entry('last')]);
    const { records } = await readEverything(await engine.openReader('accepted', 0));
    const bodies = new Set(records.map(({ body }) => body.toString()));
    assert.deepEqual([...bodies], ['kept', 'last']);
    await engine.close();
    await folder.remove();
  });
});
