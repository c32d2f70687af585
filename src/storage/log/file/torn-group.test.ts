import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { it } from 'node:test';
import { commitHeaderBytes, writeCommitHeader } from './commit-header.ts';
import type { FileIo } from './file-io.ts';
import { byteOf } from './log-offset.ts';
import { entry, LogFolder, quickIo, readEverything, textsOf } from './testing/log-folder.ts';

const big = (name: string) => entry(name.padEnd(1_100_000, '.'));
const firstWords = (texts: string[]) => texts.map((text) => text.replace(/\.+$/, ''));

/** A log with one small group, then one of three commits, the first of which is broken. */
async function brokenGroup(): Promise<LogFolder> {
  const folder = await LogFolder.make();
  const engine = await folder.open();
  const { writer } = await engine.openWriter('events', 0);
  await writer.append([entry('before')], { mark: 1 });
  const at = byteOf(writer.end);
  await Promise.all([
    writer.append([big('a')], { mark: 2 }),
    writer.append([big('b')], { mark: 3 }),
    writer.append([big('c')], { mark: 4 }),
  ]);
  await engine.close();
  const path = folder.path('events-0/00000001.log');
  const bytes = await readFile(path);
  bytes[at + 5000] = 0x21;
  await writeFile(path, bytes);
  return folder;
}

it('a group torn by a power cut is cut as a whole from the break on, with its marks', async () => {
  const folder = await brokenGroup();
  await rm(folder.path('events-0/end'));
  const engine = await folder.open();
  const { writer, recovery } = await engine.openWriter('events', 0);
  assert.ok(recovery.cutBytes > 3_000_000);
  assert.deepEqual(recovery.damaged, []);
  assert.equal(writer.mark, 1);
  const { records } = await readEverything(await engine.openReader('events', 0));
  assert.deepEqual(textsOf(records), ['before']);
  await engine.close();
  await folder.remove();
});

it('the same break in a group that was acknowledged is damage, and the rest of it is kept', async () => {
  const folder = await brokenGroup();
  const engine = await folder.open();
  const { writer, recovery } = await engine.openWriter('events', 0);
  assert.equal(recovery.cutBytes, 0);
  assert.equal(recovery.damaged.length, 1);
  assert.equal(writer.mark, 4);
  const { records } = await readEverything(await engine.openReader('events', 0));
  assert.deepEqual(firstWords(textsOf(records)), ['before', 'b', 'c']);
  await engine.close();
  await folder.remove();
});

it('what was not flushed by a killed process is flushed before the next one shows it', async () => {
  const folder = await LogFolder.make();
  const first = await folder.open();
  const { writer } = await first.openWriter('events', 0);
  await writer.append([entry('a')]);
  await first.close();
  const calls: string[] = [];
  const names = new Map<number, string>();
  const named = async (path: string, opening: Promise<number>) => {
    const fd = await opening;
    names.set(fd, basename(path));
    return fd;
  };
  const io: FileIo = {
    ...quickIo,
    create: (path) => named(path, quickIo.create(path)),
    openFlushing: (path) => named(path, quickIo.openFlushing(path)),
    flush: async (fd) => {
      calls.push(names.get(fd) ?? '');
    },
  };
  const engine = await folder.open({ io });
  await engine.openWriter('events', 0);
  assert.deepEqual(calls, ['00000001.log', '00000002.log']);
  await engine.close();
  await folder.remove();
});

it('bytes of a record that look like a commit are never taken for one', async () => {
  for (const forged of ['copied from the file', 'made for the place'] as const) {
    const folder = await LogFolder.make();
    const engine = await folder.open();
    const { writer } = await engine.openWriter('events', 0);
    const path = folder.path('events-0/00000001.log');
    await writer.append([entry('secret')]);
    const start = 128;
    const copied = (await readFile(path)).subarray(start, byteOf(writer.end));
    // At eight distances, so that one is where a commit could begin.
    const outer = byteOf(writer.end);
    const body = Buffer.alloc(8 * 512);
    for (let i = 0; i < 8; i++) {
      const at = i * 512 + i;
      copied.copy(body, at);
      if (forged === 'copied from the file') continue;
      const byte = outer + commitHeaderBytes + 10 + 'source'.length + 2 + at;
      const place = { file: 1, byte, salt: 12345 };
      writeCommitHeader(body, at, place, {
        payloadBytes: copied.readUInt32LE(8),
        records: 1,
        time: 1,
        mark: 0,
        inGroup: 0,
        payloadCrc: copied.readUInt32LE(48),
      });
    }
    await writer.append([{ ...entry(''), body }]);
    await writer.append([entry('last')]);
    await engine.close();
    const bytes = await readFile(path);
    bytes[outer + 10] = 0xff;
    await writeFile(path, bytes);
    const after = await folder.open();
    await after.openWriter('events', 0);
    const { records, damaged } = await readEverything(await after.openReader('events', 0));
    assert.deepEqual(textsOf(records), ['secret', 'last'], forged);
    assert.equal(damaged.length, 1);
    await after.close();
    await folder.remove();
  }
});

it('zeros that are being written ahead never land on a group', async () => {
  const folder = await LogFolder.make();
  let groupWritten: () => void = () => undefined;
  const io: FileIo = {
    ...quickIo,
    write: async (fd, bytes, length, position) => {
      if (bytes[0] === 0) {
        // As slow as it can be: until a group was written past it, or nobody writes one.
        const written = new Promise<void>((resolve) => {
          groupWritten = resolve;
        });
        const idle = new Promise<void>((resolve) => {
          let turns = 0;
          const turn = () => (++turns < 200 ? setImmediate(turn) : resolve());
          turn();
        });
        await Promise.race([written, idle]);
      }
      await quickIo.write(fd, bytes, length, position);
      if (bytes[0] !== 0) groupWritten();
    },
  };
  const engine = await folder.open({ io });
  const { writer } = await engine.openWriter('events', 0);
  await writer.append([entry('a')]);
  await writer.append([big('b')]);
  await writer.append([entry('c')]);
  await engine.close();
  const after = await folder.open();
  const { records, damaged } = await readEverything(await after.openReader('events', 0));
  assert.deepEqual(firstWords(textsOf(records)), ['a', 'b', 'c']);
  assert.deepEqual(damaged, []);
  await after.close();
  await folder.remove();
});
