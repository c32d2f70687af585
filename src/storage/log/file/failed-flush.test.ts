import assert from 'node:assert/strict';
import { cp, readdir } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { TributaryError } from '../../../core/errors.ts';
import type { LogEngine } from '../../../core/event-log.ts';
import type { FileIo } from './file-io.ts';
import { entry, LogFolder, quickIo, readEverything, textsOf } from './testing/log-folder.ts';

type Fault = 'write' | 'flush' | 'truncate' | 'create';

/** A disk that fails the calls named in `faults`. What a failed write was given is on disk all the same. */
function failingIo(faults: Set<Fault>, code: string, once = false): FileIo {
  const fail = (fault: Fault): void => {
    if (!faults.has(fault)) return;
    if (once) faults.delete(fault);
    throw Object.assign(new RangeError(`${code}: planted`), { code });
  };
  return {
    ...quickIo,
    create: async (path) => {
      fail('create');
      return quickIo.create(path);
    },
    write: async (fd, bytes, length, position) => {
      await quickIo.write(fd, bytes, length, position);
      const group = position > 0 && bytes[0] !== 0;
      if (group) fail('write');
    },
    flush: async () => fail('flush'),
    truncate: async (fd, length) => {
      fail('truncate');
      return quickIo.truncate(fd, length);
    },
  };
}

function unavailable(error: unknown): boolean {
  return error instanceof TributaryError && error.code === 'log_unavailable';
}

async function textsIn(engine: LogEngine): Promise<string[]> {
  const { records, damaged } = await readEverything(await engine.openReader('events', 0));
  assert.deepEqual(damaged, []);
  return textsOf(records);
}

const scenarios: [name: string, faults: Fault[], code: string][] = [
  ['a write fails', ['write'], 'EIO'],
  ['a flush fails', ['flush'], 'EIO'],
  ['a write fails and the file cannot be cut', ['write', 'truncate'], 'EIO'],
  ['a flush fails and the file cannot be cut', ['flush', 'truncate'], 'EIO'],
  ['the disk is full', ['write', 'create'], 'ENOSPC'],
  ['nothing works', ['write', 'flush', 'truncate', 'create'], 'EIO'],
];

for (const [name, planted, code] of scenarios) {
  describe(`when ${name}`, () => {
    it('the unit rejects, is never read, and the next append goes to a new file', async () => {
      const folder = await LogFolder.make();
      const faults = new Set<Fault>();
      const engine = await folder.open({ io: failingIo(faults, code) });
      const { writer } = await engine.openWriter('events', 0);
      const first = await writer.append([entry('good')]);
      for (const fault of planted) faults.add(fault);
      await assert.rejects(() => writer.append([entry('lost')]), unavailable);
      await assert.rejects(() => writer.append([entry('lost too')]), unavailable);
      assert.deepEqual(await textsIn(engine), ['good']);

      faults.clear();
      const next = await writer.append([entry('after')]);
      assert.ok(Math.floor(next / 2 ** 28) > Math.floor(first / 2 ** 28), 'in a new file');
      assert.deepEqual(await textsIn(engine), ['good', 'after']);
      await engine.close();

      const again = await folder.open();
      const { recovery } = await again.openWriter('events', 0);
      assert.deepEqual(recovery, { cutBytes: 0, damaged: [] });
      assert.deepEqual(await textsIn(again), ['good', 'after']);
      await again.close();
      await folder.remove();
    });
  });
}

it('what was refused stays refused when the process is killed right after', async () => {
  for (const planted of [['write'], ['write', 'truncate'], ['flush', 'truncate']] as const) {
    const folder = await LogFolder.make();
    const faults = new Set<Fault>();
    // Each call fails once: if nothing at all can be written, nothing can say that the file ended.
    const engine = await folder.open({ io: failingIo(faults, 'EIO', true) });
    const { writer } = await engine.openWriter('events', 0);
    await writer.append([entry('good')]);
    for (const fault of planted) faults.add(fault);
    await assert.rejects(() => writer.append([entry('lost')]), unavailable);

    const killed = await LogFolder.make();
    await cp(folder.dir, killed.dir, { recursive: true });
    await engine.close();
    const after = await killed.open();
    const { writer: next } = await after.openWriter('events', 0);
    await next.append([entry('after')]);
    assert.deepEqual(await textsIn(after), ['good', 'after']);
    await after.close();
    await folder.remove();
    await killed.remove();
  }
});

it('a unit behind a failed one fails too, so that no mark passes over a loss', async () => {
  const folder = await LogFolder.make();
  const faults = new Set<Fault>();
  const engine = await folder.open({ io: failingIo(faults, 'EIO', true) });
  const { writer } = await engine.openWriter('events', 0);
  await writer.append([entry('a')], { mark: 1 });
  faults.add('write');
  const lost = writer.append([entry('b')], { mark: 2 });
  // Appended while the group of the first is being written.
  const behind = new Promise((resolve) => setImmediate(resolve)).then(() =>
    writer.append([entry('c')], { mark: 3 }),
  );
  const results = await Promise.allSettled([lost, behind]);
  assert.deepEqual(
    results.map((result) => result.status),
    ['rejected', 'rejected'],
  );
  assert.equal(writer.mark, 1);
  faults.clear();
  await writer.append([entry('b')], { mark: 2 });
  assert.equal(writer.mark, 2);
  assert.deepEqual(await textsIn(engine), ['a', 'b']);
  await engine.close();
  await folder.remove();
});

it('a full disk does not fill the folder with files begun in vain', async () => {
  const folder = await LogFolder.make();
  const faults = new Set<Fault>();
  const engine = await folder.open({ io: failingIo(faults, 'ENOSPC') });
  const { writer } = await engine.openWriter('events', 0);
  await writer.append([entry('a')]);
  faults.add('flush');
  faults.add('write');
  for (let i = 0; i < 20; i++) await assert.rejects(writer.append([entry('b')]), unavailable);
  const files = await readdir(folder.path('events-0'));
  assert.deepEqual(
    files.filter((file) => file.endsWith('.log')),
    ['00000001.log'],
  );
  await engine.close();
  await folder.remove();
});

it('beyond the bound of waiting bytes an append rejects at once', async () => {
  const folder = await LogFolder.make();
  const engine = await folder.open();
  const { writer } = await engine.openWriter('events', 0);
  const body = Buffer.alloc(4_000_000);
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, () => writer.append([{ ...entry(''), body }])),
  );
  const rejected = results.filter((result) => result.status === 'rejected');
  assert.equal(rejected.length, 4);
  assert.ok(rejected.every((result) => unavailable(result.reason)));
  const { records } = await readEverything(await engine.openReader('events', 0));
  assert.equal(records.length, 16);
  await engine.close();
  await folder.remove();
});

it('a log that cannot be begun is not opened, and is not left locked', async () => {
  const folder = await LogFolder.make();
  const faults = new Set<Fault>(['create']);
  const engine = await folder.open({ io: failingIo(faults, 'ENOSPC') });
  await assert.rejects(() => engine.openWriter('events', 0), unavailable);
  faults.clear();
  const { writer } = await engine.openWriter('events', 0);
  await writer.append([entry('a')]);
  assert.deepEqual(await textsIn(engine), ['a']);
  await engine.close();
  await folder.remove();
});
