import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { it } from 'node:test';
import { TributaryError } from '../../../core/errors.ts';
import { systemFileIo } from './file-io.ts';
import { LogFolder, readEverything, seededRandom, textsOf } from './testing/log-folder.ts';

/** Appends numbered records, 16 at a time, and prints each number once it is acknowledged. */
const writerProgram = `
  import { openFileLogEngine } from ${JSON.stringify(import.meta.resolve('./open-file-log-engine.ts'))};
  import { systemClock } from ${JSON.stringify(import.meta.resolve('../../../core/clock.ts'))};
  import { silentLogger } from ${JSON.stringify(import.meta.resolve('../../../core/logger.ts'))};
  const [dir, name] = process.argv.slice(1);
  const engine = await openFileLogEngine({ dir, clock: systemClock, logger: silentLogger, fileBytes: 65536 });
  const { writer } = await engine.openWriter('events', 0);
  let next = 0;
  const append = async () => {
    for (;;) {
      const text = name + '-' + next++;
      const offset = await writer.append([{ kind: 2, source: 'source', meta: '{}', body: Buffer.from(text) }]);
      process.stdout.write(offset + ' ' + text + '\\n');
    }
  };
  await Promise.all(Array.from({ length: 16 }, append));
`;

function startWriter(dir: string, name: string): ChildProcess {
  return spawn(process.execPath, ['--input-type=module', '-e', writerProgram, dir, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

it('what a killed process acknowledged is there for the next one, in order', async () => {
  const folder = await LogFolder.make();
  const random = seededRandom();
  const acknowledged: [offset: number, text: string][] = [];
  const observer = await folder.open();
  const reader = await observer.openReader('events', 0);
  for (let round = 0; round < 4; round++) {
    const child = startWriter(folder.dir, `${round}`);
    const killAfter = 50 + Math.floor(random() * 400);
    let lines = 0;
    assert.ok(child.stdout);
    for await (const line of createInterface({ input: child.stdout })) {
      const [offset, text] = line.split(' ');
      acknowledged.push([Number(offset), text ?? '']);
      if (++lines === killAfter) child.kill('SIGKILL');
    }
    reader.wake();
    const seen = await readEverything(reader);
    assert.deepEqual(seen.damaged, []);
    const before = new Set(textsOf(seen.records));
    assert.ok(
      acknowledged.every(([, text]) => before.has(text)),
      'a reader in another process sees what was acknowledged before the kill',
    );

    const engine = await folder.open({ io: systemFileIo });
    const { recovery } = await engine.openWriter('events', 0);
    assert.deepEqual(recovery.damaged, []);
    const { records } = await readEverything(await engine.openReader('events', 0));
    const byOffset = new Map(records.map((record) => [record.offset, record.body.toString()]));
    for (const [offset, text] of acknowledged) assert.equal(byOffset.get(offset), text);
    const texts = textsOf(records);
    assert.deepEqual(
      texts.map((text) => text.split('-').map(Number)),
      texts
        .map((text) => text.split('-').map(Number))
        .toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0)),
      'in the order of the appends',
    );
    assert.equal(new Set(texts).size, texts.length);
    await engine.close();
  }
  await observer.close();
  await folder.remove();
});

it('a reader in another process is woken and reads on, from file to file', async () => {
  const folder = await LogFolder.make();
  const engine = await folder.open();
  const reader = await engine.openReader('events', 0);
  const child = startWriter(folder.dir, 'w');
  const signal = AbortSignal.timeout(20_000);
  assert.ok(child.stdout);
  const lines = createInterface({ input: child.stdout });
  lines.on('line', () => reader.wake());
  let from = 0;
  let next = 0;
  while (next < 3000) {
    assert.ok(await reader.wait(from, signal), 'woken in time');
    const result = await reader.read(from);
    for (const record of result.records) {
      assert.equal(record.body.toString(), `w-${next++}`);
    }
    from = result.next;
  }
  assert.ok(from > 2 * 2 ** 28, 'the log went on in other files');
  child.kill('SIGKILL');
  lines.close();
  await engine.close();
  await folder.remove();
});

it('a log is locked while another process writes it, and free once that is killed', async () => {
  const folder = await LogFolder.make();
  const child = startWriter(folder.dir, 'w');
  assert.ok(child.stdout);
  const lines = createInterface({ input: child.stdout });
  await new Promise((resolve) => lines.once('line', resolve));
  const engine = await folder.open({ lockWaitMs: 120 });
  await assert.rejects(
    () => engine.openWriter('events', 0),
    (error) => error instanceof TributaryError && error.code === 'log_locked',
  );
  const patient = await folder.open({ lockWaitMs: 20_000 });
  const opening = patient.openWriter('events', 0);
  child.kill('SIGKILL');
  const { writer } = await opening;
  await writer.close();
  lines.close();
  await engine.close();
  await patient.close();
  await folder.remove();
});
