import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../../core/clock.ts';
import { objectStoreConformance } from '../../../core/object-store.conformance.ts';
import { openDiskObjects } from './open-disk-objects.ts';

const incoming = '.tributary-incoming';

async function folder() {
  const path = await mkdtemp(join(tmpdir(), 'tributary-objects-'));
  return { path, cleanup: () => rm(path, { recursive: true, force: true }) };
}

objectStoreConformance('the disk', async () => {
  const { path, cleanup } = await folder();
  return { store: await openDiskObjects(join(path, 'made'), systemClock), cleanup };
});

test('nothing is left beside the objects, written or refused', async (t) => {
  const { path, cleanup } = await folder();
  t.after(cleanup);
  const store = await openDiskObjects(path, systemClock);
  await store.put('a', Buffer.from('1'));
  await store.put('a', Buffer.from('2'), { onlyIf: 'absent' });
  await store.put('b', Buffer.from('3'), { onlyIf: 'absent' });
  assert.deepEqual(await readdir(join(path, incoming)), []);
});

test('what a crash left half-written is no object, and goes when it is a day old', async (t) => {
  const { path, cleanup } = await folder();
  t.after(cleanup);
  await openDiskObjects(path, systemClock);
  for (const name of ['young', 'old']) await writeFile(join(path, incoming, name), 'half');
  const before = systemClock.now() / 1000 - 25 * 3600;
  await utimes(join(path, incoming, 'old'), before, before);
  const store = await openDiskObjects(path, systemClock);
  assert.deepEqual(await readdir(join(path, incoming)), ['young']);
  for await (const { key } of store.list('')) assert.fail(key);
});

test('what the disk refuses is an operating error', async (t) => {
  const { path, cleanup } = await folder();
  t.after(cleanup);
  const store = await openDiskObjects(path, systemClock);
  await store.put('file', Buffer.from('1'));
  await assert.rejects(store.put('file/below', Buffer.from('2')), { code: 'object_store_failed' });
  await assert.rejects(openDiskObjects(join(path, 'file'), systemClock), {
    code: 'object_store_failed',
  });
});

test('a folder that cannot be made is refused at once, not tried for ever', async () => {
  for (const path of ['/proc/none', '/proc/none/below/it']) {
    await assert.rejects(openDiskObjects(path, systemClock), {
      code: 'object_store_failed',
      message: /\/proc\/none.*(ENOENT|EACCES)/,
    });
  }
});
