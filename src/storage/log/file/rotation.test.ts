import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../../core/clock.ts';
import { silentLogger } from '../../../core/logger.ts';
import { openFileLogEngine } from './open-file-log-engine.ts';

test('a reader passes over nothing, though files are begun while it looks at the folder', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'tributary-rotation-'));
  const engine = await openFileLogEngine({
    dir,
    clock: systemClock,
    logger: silentLogger,
    fileBytes: 16 * 1024,
  });
  t.after(async () => {
    await engine.close();
    rmSync(dir, { recursive: true });
  });
  const { writer } = await engine.openWriter('events', 0);
  // They make it slow to look.
  for (let n = 0; n < 5_000; n++) writeFileSync(join(dir, `events-0/${n}.other`), '');
  const reader = await engine.openReader('events', 0);
  const total = 1_000;
  const write = async () => {
    for (let n = 0; n < total; n++) {
      const body = Buffer.from(String(n).padEnd(3_000, '.'));
      await writer.append([{ kind: 1, source: 's', meta: '', body }]);
    }
  };
  const writing = write();
  const read: number[] = [];
  const end = new AbortController();
  for (let at = 0; read.at(-1) !== total - 1; ) {
    if (!(await reader.wait(at, end.signal))) break;
    const { records, next } = await reader.read(at);
    for (const { body } of records) read.push(Number.parseInt(body.toString(), 10));
    at = next;
  }
  await writing;
  assert.deepEqual(
    read,
    Array.from({ length: total }, (_, n) => n),
  );
});
