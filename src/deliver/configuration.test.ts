import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectionConfig } from '../core/snapshot.ts';
import { refuseWrites } from '../storage/testing/refuse-writes.ts';
import { connection, DeliverRig, type RigOptions } from './testing/deliver-rig.ts';

async function started(options: RigOptions = {}): Promise<DeliverRig> {
  const rig = await new DeliverRig(options).start();
  await rig.configure({ connections: [connection()] });
  return rig;
}

const change = (rig: DeliverRig, more: Partial<ConnectionConfig>) =>
  rig.configure({ connections: [connection(more)] });

test('a new destination gets the events received since it was made, at once and without a restart', async () => {
  const rig = await new DeliverRig().start();
  await rig.append({ id: 'before', u: 'a' });
  await rig.clock.advance(10_000);
  const since = rig.clock.now();
  await rig.clock.advance(10_000);
  // Committed late, received early.
  await rig.append({ id: 'late', u: 'a', t: since - 1 });
  await rig.append({ id: 'after', u: 'a' });
  await change(rig, { since });
  await rig.clock.advance(100);
  assert.deepEqual(rig.ids(), ['after']);
  await rig.stop();
});

test('a clock that is set back behind the making of a destination hides no event from it', async () => {
  const rig = await new DeliverRig().start();
  await change(rig, { since: rig.clock.now() });
  await rig.append({ id: 'true', u: 'a' });
  await rig.append({ id: 'set back', u: 'a', t: rig.clock.now() - 600_000 });
  await rig.clock.advance(100);
  assert.deepEqual(rig.ids(), ['true', 'set back']);
  await rig.stop();
});

test('a deleted destination leaves no rows; what it was retrying is discarded with its payload', async () => {
  const rig = await started();
  rig.answering = () => 503;
  await rig.append({ id: '1', u: 'a' }, { id: '2', u: 'a' });
  await rig.clock.advance(200);
  await rig.configure({ connections: [] });
  await rig.clock.advance(100);
  const discards = (await rig.results()).filter(({ code }) => code === 'destination_disabled');
  assert.deepEqual(
    discards.map(({ body }) => JSON.parse(body).messageId),
    ['1', '2'],
  );
  for (const table of ['cursor', 'parked'] as const) {
    assert.deepEqual(await rig.store.db.selectFrom(table).selectAll().execute(), []);
  }
  assert.equal(rig.deliver.neededFrom(), Number.MAX_SAFE_INTEGER);
  await rig.stop();
});

test('what a deleted destination has not been given yet is counted as discarded', async () => {
  const rig = await started();
  rig.answering = () => 503;
  const events = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: `${name}${index}`, u: `${name}${index}` }));
  await rig.append(...events('parked', 30));
  await rig.clock.advance(200);
  // Behind an open circuit the lane reads no further.
  await rig.append(...events('unread', 40));
  await rig.clock.advance(200);
  await rig.configure({ connections: [] });
  await rig.clock.advance(100);
  const discards = (await rig.results()).filter(({ code }) => code === 'destination_disabled');
  const counted = discards.filter(({ count }) => Number(count ?? 1) > 1);
  assert.equal(counted.length, 1);
  const total = discards.reduce((sum, { count }) => sum + Number(count ?? 1), 0);
  assert.equal(total, 70);
  await rig.stop();
});

test('a destination that was deleted while we were down is cleared away at the start', async () => {
  const rig = await started();
  rig.answering = () => 503;
  await rig.append({ id: '1', u: 'a' });
  await rig.clock.advance(200);
  await rig.crash();
  rig.snapshot = { ...rig.snapshot, connections: [] };
  await rig.start();
  await rig.clock.advance(100);
  const last = (await rig.results()).at(-1);
  assert.equal(last?.['code'], 'destination_disabled');
  assert.equal(JSON.parse(last?.body ?? '').messageId, '1');
  assert.deepEqual(await rig.store.db.selectFrom('parked').selectAll().execute(), []);
  await rig.stop();
});

test('a disabled destination lets events pass, counted, and discards what it was retrying', async () => {
  const rig = await started();
  rig.answering = () => 503;
  await rig.append({ id: 'tried', u: 'a' }, { id: 'waiting', u: 'a' });
  await rig.clock.advance(200);
  await change(rig, { enabled: false });
  await rig.append({ id: 'passed', u: 'b' }, { id: 'too', u: 'c' });
  await rig.clock.advance(200);
  const discards = (await rig.results()).filter(({ code }) => code === 'destination_disabled');
  assert.deepEqual(
    discards.map(({ messageId }) => messageId),
    ['tried', 'waiting'],
  );
  const labels = { destination: 'dest', code: 'destination_disabled' };
  assert.equal(await rig.metric('tributary_deliver_filtered_total', labels), 2);
  rig.answering = () => 200;
  await rig.clock.advance(1);
  await change(rig, { since: rig.clock.now() });
  await rig.append({ id: 'again', u: 'a' });
  await rig.clock.advance(200);
  assert.deepEqual(rig.ids(), ['tried', 'again']);
  await rig.stop();
});

test('an attempt that fails after the destination was disabled is not repeated', async () => {
  const rig = await started();
  rig.answering = async () => {
    await rig.clock.sleep(500);
    return 503;
  };
  await rig.append({ id: '1', u: 'a' });
  await rig.clock.advance(10);
  await change(rig, { enabled: false });
  await rig.clock.advance(1_000);
  const results = await rig.results();
  assert.deepEqual(
    results.map(({ code }) => code),
    ['destination_disabled'],
  );
  await rig.stop();
});

test('a disabled destination with an open circuit lets events pass all the same', async () => {
  const rig = await started();
  rig.answering = () => 503;
  await rig.append(...Array.from({ length: 200 }, (_, n) => ({ id: `${n}`, u: `${n}` })));
  await rig.clock.advance(200);
  assert.equal(rig.lane().circuit, 'open');
  await change(rig, { enabled: false });
  await rig.clock.advance(1_000);
  assert.equal(rig.lane().lagEvents, 0);
  assert.equal(rig.lane().parked, 0);
  await rig.stop();
});

test('settings that cannot work discard every event with the problem, until they can', async () => {
  const rig = await new DeliverRig().start();
  await change(rig, { settings: {} });
  await rig.append({ id: '1', u: 'a' }, { id: '2', u: 'b' });
  await rig.clock.advance(200);
  const results = await rig.results();
  assert.deepEqual(
    results.map(({ code }) => code),
    ['invalid_settings', 'invalid_settings'],
  );
  assert.match(String(results[0]?.['message']), /hooks/);
  assert.equal(JSON.parse(results[0]?.body ?? '').messageId, '1');
  await change(rig, {});
  await rig.append({ id: '3', u: 'a' });
  await rig.clock.advance(200);
  assert.deepEqual(rig.ids(), ['3']);
  await rig.stop();
});

test('a destination this server does not offer discards every event', async () => {
  const rig = await new DeliverRig().start();
  await change(rig, { slug: 'unheard-of' });
  await rig.append({ id: '1', u: 'a' });
  await rig.clock.advance(200);
  assert.equal((await rig.results())[0]?.['code'], 'invalid_settings');
  await rig.stop();
});

test('what stands in the way of a kind of destination is what its discards say', async () => {
  const rig = await new DeliverRig().start();
  const obstacle = 'X works only with credentials that its vendor gives to partners.';
  await change(rig, { obstacle });
  await rig.append({ id: '1', u: 'a' });
  await rig.clock.advance(200);
  const [result] = await rig.results();
  assert.deepEqual([result?.['code'], result?.['message']], ['invalid_settings', obstacle]);
  await rig.stop();
});

test('a changed URL takes over the cursor and what waits', async () => {
  const rig = await started();
  rig.answering = ({ url }) => (url === 'http://hook/' ? 503 : 200);
  await rig.append({ id: '1', u: 'a' }, { id: '2', u: 'a' });
  await rig.clock.advance(200);
  await change(rig, { settings: { hooks: ['http://fixed/'] } });
  await rig.append({ id: '3', u: 'a' });
  await rig.clock.advance(5_000);
  assert.deepEqual(rig.ids('http://fixed/'), ['1', '2', '3']);
  const cursors = await rig.store.db.selectFrom('cursor').select('lane').execute();
  assert.deepEqual(cursors, [{ lane: 'dest/httpfixed' }]);
  await rig.stop();
});

test('an added URL begins with the events that come then', async () => {
  const rig = await started();
  await rig.append({ id: '1', u: 'a' });
  await rig.clock.advance(200);
  await change(rig, { settings: { hooks: ['http://hook/', 'http://more/'] } });
  await rig.append({ id: '2', u: 'a' });
  await rig.clock.advance(200);
  assert.deepEqual(rig.ids('http://hook/'), ['1', '2']);
  assert.deepEqual(rig.ids('http://more/'), ['2']);
  await rig.stop();
});

test('lanes come and go under load, and each event still arrives once', async () => {
  const rig = await started();
  const all = ['http://hook/', 'http://b/', 'http://c/'];
  let sent = 0;
  for (let step = 0; step < 12; step += 1) {
    await rig.append(...Array.from({ length: 5 }, () => ({ id: `${sent++}`, u: `${sent % 3}` })));
    await change(rig, { settings: { hooks: all.slice(0, 1 + (step % 3)) } });
    await rig.clock.advance(step * 7);
  }
  await rig.clock.advance(1_000);
  assert.deepEqual(
    rig
      .ids('http://hook/')
      .map(Number)
      .sort((a, b) => a - b),
    Array.from({ length: sent }, (_, n) => n),
  );
  await rig.stop();
});

test('a snapshot of another connection leaves what is in flight alone', async () => {
  const rig = await started();
  rig.answering = async () => {
    await rig.clock.sleep(300);
    return 200;
  };
  await rig.append({ id: '1', u: 'a' });
  await rig.clock.advance(10);
  await rig.configure({ connections: [connection(), connection({ id: 'other' })] });
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids(), ['1', '1']);
  assert.equal(rig.lane().delivered, 1);
  await rig.stop();
});

test('a destination enabled again while its old events are being discarded keeps the rest and the new ones', async () => {
  const rig = await started();
  rig.answering = () => 503;
  await rig.append(...Array.from({ length: 150 }, (_, n) => ({ id: `${n}`, u: 'a' })));
  await rig.clock.advance(200);
  rig.resultsFail = true;
  await change(rig, { enabled: false });
  await change(rig, { since: rig.clock.now() });
  await rig.append({ id: 'new', u: 'b' });
  rig.answering = () => 200;
  await rig.clock.advance(200);
  rig.resultsFail = false;
  await rig.clock.advance(10_000);
  const discards = (await rig.results()).filter(({ code }) => code === 'destination_disabled');
  assert.equal(discards.length, 100);
  assert.equal(new Set([...rig.ids(), ...discards.map(({ messageId }) => messageId)]).size, 151);
  assert.equal(rig.lane().parked, 0);
  await rig.stop();
});

test('a log that cannot be read while a destination is switched off delays its discards, no more', async () => {
  const rig = await started();
  rig.answering = () => 503;
  await rig.append({ id: '1', u: 'a' });
  await rig.clock.advance(200);
  // What is in memory needs no log.
  await rig.crash();
  await rig.start();
  rig.readsFail = true;
  await change(rig, { enabled: false });
  await rig.clock.advance(3_000);
  assert.equal(rig.lane().parked, 1);
  rig.readsFail = false;
  await rig.clock.advance(3_000);
  assert.equal(rig.lane().parked, 0);
  assert.equal((await rig.results()).at(-1)?.['code'], 'destination_disabled');
  await rig.stop();
});

for (const [what, event, table] of [
  ['renamed', 'update of lane', 'cursor'],
  ['committed', 'insert', 'parked'],
] as const) {
  test(`a changed URL takes over also when the lane cannot be ${what} at first`, async () => {
    const rig = await started();
    await rig.append({ id: '1', u: 'a' });
    await rig.clock.advance(200);
    rig.answering = ({ url }) => (url === 'http://hook/' ? 503 : 200);
    const allow = await refuseWrites(rig.store.db, event, table);
    await rig.append({ id: '2', u: 'a' });
    await rig.clock.advance(20);
    await change(rig, { settings: { hooks: ['http://fixed/'] } });
    await rig.clock.advance(3_000);
    await allow();
    await rig.clock.advance(10_000);
    assert.deepEqual(rig.ids('http://fixed/'), ['2']);
    const cursors = await rig.store.db.selectFrom('cursor').select('lane').execute();
    assert.deepEqual(cursors, [{ lane: 'dest/httpfixed' }]);
    await rig.stop();
  });
}

test('a destination that cannot be cleared away at first is cleared away later', async () => {
  const rig = await started();
  rig.answering = () => 503;
  await rig.append({ id: '1', u: 'a' });
  await rig.clock.advance(200);
  const allow = await refuseWrites(rig.store.db, 'delete', 'cursor');
  await rig.configure({ connections: [] });
  await rig.clock.advance(3_000);
  await allow();
  await rig.clock.advance(3_000);
  assert.deepEqual(await rig.store.db.selectFrom('cursor').selectAll().execute(), []);
  await rig.stop();
});

test('a lane that could not be stopped in full goes on when it is wanted again', async () => {
  const rig = await started();
  rig.answering = () => 503;
  const allow = await refuseWrites(rig.store.db, 'insert', 'parked');
  await rig.append({ id: '1', u: 'a' });
  await rig.clock.advance(20);
  await rig.configure({ connections: [] });
  await rig.clock.advance(20);
  await change(rig, {});
  rig.answering = () => 200;
  await allow();
  await rig.append({ id: '2', u: 'a' });
  await rig.clock.advance(10_000);
  assert.deepEqual(rig.ids(), ['1', '1', '2']);
  await rig.stop();
});

test('a deleted destination leaves no series in the metrics', async () => {
  const rig = await started();
  await rig.append({ id: '1', u: 'a' }, { id: '2', u: 'a', type: 'alias' });
  await rig.clock.advance(200);
  await rig.configure({ connections: [] });
  await rig.clock.advance(200);
  assert.doesNotMatch(await rig.registry.metrics(), /destination="dest"/);
  await rig.stop();
});

test('that a connection is gone is told once its lanes are, and not of one that is only off', async () => {
  const rig = await new DeliverRig().start();
  await rig.configure({ connections: [connection()] });
  await rig.configure({ connections: [connection({ enabled: false })] });
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.gone, []);
  await rig.configure({ connections: [] });
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.gone, ['dest']);
  await rig.stop();
});
