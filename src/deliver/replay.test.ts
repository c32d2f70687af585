import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ArchiveReader } from '../core/archive.ts';
import type { LogRecord, Offset } from '../core/event-log.ts';
import { connection, DeliverRig } from './testing/deliver-rig.ts';

/** A rig that has delivered 0 to 9, one a minute; `at` gives their times. */
async function delivered(): Promise<{ rig: DeliverRig; at: (n: number) => number }> {
  const rig = await new DeliverRig().start();
  const begin = rig.clock.now();
  await rig.configure({ connections: [connection()] });
  for (let n = 0; n < 10; n += 1) {
    await rig.append({ id: `${n}`, u: `${n % 2}` });
    await rig.clock.advance(60_000);
  }
  assert.equal(rig.sent.length, 10);
  rig.sent.length = 0;
  return { rig, at: (n) => begin + n * 60_000 };
}

const progressOf = (rig: DeliverRig) =>
  rig.store.db.selectFrom('replay_progress').selectAll().execute();

test('a replay sends the events received in its range again, beside the live ones, then is done', async () => {
  const { rig, at } = await delivered();
  const replays = [{ id: 'r1', connectionId: 'dest', from: at(3), to: at(6) }];
  await rig.configure({ replays });
  await rig.append({ id: 'live', u: '0' });
  await rig.clock.advance(500);
  assert.deepEqual(rig.ids().sort(), ['3', '4', '5', 'live']);
  const [progress, ...more] = await progressOf(rig);
  assert.deepEqual(more, []);
  assert.equal(progress?.state, 'done');
  assert.equal(progress?.replay, 'r1');
  assert.equal(progress?.connection, 'dest');
  assert.equal(progress?.delivered, 3);
  const cursors = await rig.store.db.selectFrom('cursor').select('lane').execute();
  assert.deepEqual(cursors, [{ lane: 'dest/httphook' }]);
  await rig.stop();
});

test('a replay that is done never runs again, whatever is configured and restarted', async () => {
  const { rig, at } = await delivered();
  await rig.configure({ replays: [{ id: 'r1', connectionId: 'dest', from: at(0), to: at(9) }] });
  await rig.clock.advance(500);
  const sent = rig.sent.length;
  await rig.configure({
    connections: [connection({ settings: { hooks: ['http://hook/'], v: 2 } })],
  });
  await rig.clock.advance(500);
  await rig.crash();
  await rig.start();
  await rig.clock.advance(500);
  assert.equal(rig.sent.length, sent);
  await rig.stop();
});

test('a replay has its own retries, keeps its order, and goes on after a crash', async () => {
  const { rig, at } = await delivered();
  let failures = 2;
  rig.answering = ({ body }) => {
    if (JSON.parse(String(body)).messageId === '2' && failures > 0) {
      failures -= 1;
      return 503;
    }
    return 200;
  };
  await rig.configure({ replays: [{ id: 'r1', connectionId: 'dest', from: at(2), to: at(8) }] });
  await rig.clock.advance(300);
  assert.deepEqual(rig.ids().sort(), ['2', '3', '5', '7']);
  await rig.append({ id: 'live', u: '0' });
  await rig.crash();
  await rig.start();
  await rig.clock.advance(10_000);
  assert.deepEqual(
    rig.ids().filter((id) => ['2', '4', '6'].includes(id)),
    ['2', '2', '2', '4', '6'],
  );
  assert.ok(
    rig.ids().indexOf('live') < rig.ids().indexOf('4'),
    'live does not wait for the replay',
  );
  const [progress] = await progressOf(rig);
  assert.equal(progress?.state, 'done');
  assert.equal(progress?.delivered, 6);
  await rig.stop();
});

test('a replay runs while its destination is disabled, and takes integrations for its own', async () => {
  const rig = await new DeliverRig().start();
  const from = rig.clock.now();
  await rig.append(
    { id: 'off', u: 'a', more: { integrations: { Post: false } } },
    { id: 'client', u: 'b', more: { _metadata: { bundled: ['Post'] } } },
  );
  await rig.clock.advance(1_000);
  await rig.configure({
    connections: [connection({ enabled: false, since: rig.clock.now() })],
    replays: [{ id: 'r1', connectionId: 'dest', from, to: rig.clock.now() }],
  });
  await rig.clock.advance(500);
  assert.deepEqual(rig.ids(), ['off']);
  const [progress] = await progressOf(rig);
  assert.deepEqual([progress?.state, progress?.delivered, progress?.filtered], ['done', 1, 1]);
  await rig.stop();
});

test('a replay that is taken back stops and says so', async () => {
  const { rig, at } = await delivered();
  rig.answering = () => 503;
  await rig.configure({ replays: [{ id: 'r1', connectionId: 'dest', from: at(0), to: at(9) }] });
  await rig.clock.advance(300);
  await rig.configure({ replays: [] });
  await rig.clock.advance(300);
  assert.equal((await progressOf(rig))[0]?.state, 'cancelled');
  assert.equal(rig.deliver.neededFrom() > 0, true);
  assert.deepEqual(await rig.store.db.selectFrom('parked').selectAll().execute(), []);
  await rig.stop();
});

test('a replay over nothing is done at once', async () => {
  const rig = await new DeliverRig().start();
  await rig.configure({
    connections: [connection()],
    replays: [{ id: 'r1', connectionId: 'dest', from: 0, to: 1 }],
  });
  await rig.clock.advance(300);
  assert.equal((await progressOf(rig))[0]?.state, 'done');
  await rig.stop();
});

test('a replay whose URL changes goes on at the new one, and is one replay in the books', async () => {
  const { rig, at } = await delivered();
  rig.answering = ({ url }) => (url === 'http://hook/' ? 503 : 200);
  await rig.configure({ replays: [{ id: 'r1', connectionId: 'dest', from: at(0), to: at(4) }] });
  await rig.clock.advance(300);
  await rig.configure({ connections: [connection({ settings: { hooks: ['http://fixed/'] } })] });
  await rig.clock.advance(10_000);
  assert.deepEqual(rig.ids('http://fixed/').sort(), ['0', '1', '2', '3']);
  assert.deepEqual(
    (await progressOf(rig)).map(({ lane, state, delivered: count }) => [lane, state, count]),
    [['dest/httpfixed/r1', 'done', 4]],
  );
  await rig.stop();
});

test('what the log no longer has a replay takes from the archive, in order, and goes on in the log', async () => {
  const kept: LogRecord[] = [];
  const inRange = (from: Offset, before: Offset) =>
    kept.filter(({ offset }) => offset >= from && offset < before);
  const archive: ArchiveReader = {
    // Two at a time, as a file may end anywhere.
    read: async (_source, from, before) => {
      const records = inRange(from, before).slice(0, 2);
      const last = records.at(-1);
      return { records, next: last === undefined ? before : last.offset + 1 };
    },
    offsetAt: async () => kept[0]?.offset,
    count: async (_source, from, to) => inRange(from, to).length,
    end: async () => (kept.at(-1)?.offset ?? -1) + 1,
  };
  const rig = new DeliverRig({ archive });
  await rig.start();
  await rig.configure({ connections: [connection()] });
  const from = rig.clock.now();
  const ids = Array.from({ length: 12 }, (_, n) => `${n}`);
  for (const id of ids) await rig.append({ id, u: 'u1', more: { text: 'x'.repeat(3_000) } });
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids(), ids);
  kept.push(...(await rig.records()));
  const start = await rig.trimEvents(kept[7]?.offset ?? 0);
  assert.ok(start > Number(kept[4]?.offset), 'two is behind the log');
  let refusals = 1;
  rig.answering = ({ body }) => {
    if (JSON.parse(String(body)).messageId !== '2' || refusals === 0) return 200;
    refusals -= 1;
    return 503;
  };
  await rig.configure({
    replays: [{ id: 'r1', connectionId: 'dest', from, to: rig.clock.now() }],
  });
  await rig.clock.advance(60_000);
  assert.deepEqual(
    rig.ids().slice(ids.length),
    ['0', '1', '2', '2', ...ids.slice(3)],
    'also what is parked on the way',
  );
  assert.equal((await progressOf(rig))[0]?.state, 'done');
  assert.equal((await progressOf(rig))[0]?.delivered, 12);
  await rig.stop();
});
