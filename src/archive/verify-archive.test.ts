import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restoreLines } from './restore-archive.ts';
import { append, archiveRig, day, entry, manifest } from './testing/archive-rig.ts';
import { verifyArchive } from './verify-archive.ts';

const noon = Date.UTC(2026, 10, 18, 12);

async function written(t: Parameters<typeof archiveRig>[0]) {
  const rig = await archiveRig(t);
  const archive = await rig.start();
  for (const n of [0, 1, 2]) {
    await append(rig.writer, [
      entry(`a${n}`, noon + n * day),
      entry(`b${n}`, noon + n * day + 1, { source: 'other' }),
    ]);
    await archive.flush();
  }
  return rig;
}

test('an archive that is as it was written has no problems', async (t) => {
  const { store, objects } = await written(t);
  const { files, events, problems } = await verifyArchive(store, objects);
  assert.deepEqual({ files, events, problems }, { files: 6, events: 6, problems: [] });
});

test('what is missing, changed or unknown is named', async (t) => {
  const { store, objects } = await written(t);
  const keys = (await manifest(store)).map(({ key }) => key);
  await objects.delete(keys[0] ?? '');
  await objects.put(keys[1] ?? '', Buffer.from('something else'));
  await objects.put('segment-logs/src/0/stray.ndjson.gz', Buffer.from('?'));
  const { problems } = await verifyArchive(store, objects);
  assert.deepEqual(
    problems.map(({ key, problem }) => [key, problem.split(/[: ]/).slice(0, 3).join(' ')]),
    [
      [keys[0], 'is missing'],
      [keys[1], 'is not what'],
      ['segment-logs/src/0/stray.ndjson.gz', 'is not in'],
    ],
  );
});

test('a range is restored from the files alone: of a source, received in it, in order', async (t) => {
  const { objects } = await written(t);
  const idsIn = async (range: Parameters<typeof restoreLines>[1]) => {
    const ids: string[] = [];
    for await (const line of restoreLines(objects, range)) {
      ids.push(String(JSON.parse(String(line)).messageId));
    }
    return ids;
  };
  assert.deepEqual(await idsIn({ source: 'src', from: 0, to: noon + 2 * day }), ['a0', 'a1']);
  assert.deepEqual(await idsIn({ from: noon + 1, to: noon + day + 1 }), ['b0', 'a1']);
  assert.deepEqual(await idsIn({ source: 'nobody', from: 0, to: noon * 2 }), []);
});
