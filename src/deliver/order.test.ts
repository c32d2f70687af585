import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connection, DeliverRig, type RigOptions } from './testing/deliver-rig.ts';

async function started(options: RigOptions = {}): Promise<DeliverRig> {
  const rig = await new DeliverRig(options).start();
  await rig.configure({ connections: [connection()] });
  return rig;
}

/** Fails the given ids, as often as said. */
function failing(rig: DeliverRig, times: Record<string, number>): void {
  rig.answering = ({ body }) => {
    const id = JSON.parse(String(body)).messageId;
    const left = times[id] ?? 0;
    times[id] = left - 1;
    return left > 0 ? 503 : 200;
  };
}

test('an event waits for an earlier one of its user that is being retried; others go on', async () => {
  const rig = await started();
  failing(rig, { 1: 2 });
  await rig.append(
    { id: '1', u: 'x' },
    { id: '2', u: 'y' },
    { id: '3', u: 'x' },
    { id: '4', u: 'y' },
  );
  await rig.clock.advance(500);
  assert.deepEqual(rig.ids(), ['1', '2', '4']);
  await rig.clock.advance(10_000);
  assert.deepEqual(rig.ids(), ['1', '2', '4', '1', '1', '3']);
  await rig.stop();
});

test('what waits behind a parked event is parked untried, so that the cursor goes on', async () => {
  const rig = await started();
  failing(rig, { 1: 100 });
  await rig.append({ id: '1', u: 'x' }, { id: '2', u: 'x' }, { id: '3', u: 'x' });
  await rig.append({ id: '4', u: 'y' });
  await rig.clock.advance(500);
  const end = Number(rig.lane().position);
  const rows = await rig.store.db.selectFrom('parked').selectAll().orderBy('position').execute();
  assert.deepEqual(
    rows.map(({ attempts }) => attempts),
    [1, 0, 0],
  );
  assert.deepEqual(
    rows.map(({ keys }) => keys),
    ['["x"]', '["x"]', '["x"]'],
  );
  const cursor = await rig.store.db.selectFrom('cursor').selectAll().executeTakeFirst();
  assert.equal(cursor?.position, end);
  assert.equal(rig.lane().lagEvents, 0);
  await rig.stop();
});

test('a login joins the chains of the anonymous and the known user', async () => {
  const rig = await started();
  failing(rig, { anonymous: 1, known: 3 });
  await rig.append(
    { id: 'anonymous', a: 'a' },
    { id: 'known', u: 'u' },
    { id: 'login', a: 'a', u: 'u' },
    { id: 'after-a', a: 'a' },
    { id: 'after-u', u: 'u' },
    { id: 'other', u: 'z' },
  );
  await rig.clock.advance(60_000);
  const arrivals = rig.ids();
  const last = (id: string) => arrivals.lastIndexOf(id);
  assert.equal(arrivals.filter((id) => id === 'login').length, 1);
  assert.ok(last('login') > last('anonymous') && last('login') > last('known'));
  assert.ok(last('after-a') > last('login') && last('after-u') > last('login'));
  await rig.stop();
});

test('an alias waits for the events of its previousId, whichever kind that is', async () => {
  const rig = await started();
  failing(rig, { before: 1, earlier: 1 });
  await rig.append({ id: 'before', a: 'old' }, { id: 'alias', u: 'new', p: 'old' });
  await rig.append({ id: 'earlier', u: 'past' }, { id: 'rename', u: 'next', p: 'past' });
  await rig.clock.advance(500);
  assert.deepEqual(rig.ids(), ['before', 'earlier']);
  await rig.clock.advance(5_000);
  assert.deepEqual(rig.ids().slice(2).sort(), ['alias', 'before', 'earlier', 'rename']);
  await rig.stop();
});

test('a user that waits holds back nobody else, also after a restart', async () => {
  const rig = await started();
  rig.answering = ({ body }) => (JSON.parse(String(body)).messageId.startsWith('x') ? 503 : 200);
  await rig.append({ id: 'x1', u: 'x' }, { id: 'x2', u: 'x' });
  await rig.clock.advance(300);
  await rig.crash();
  await rig.start();
  await rig.append({ id: 'x3', u: 'x' }, { id: 'y', u: 'y' });
  await rig.clock.advance(500);
  assert.ok(rig.ids().includes('y'));
  assert.ok(!rig.ids().includes('x2') && !rig.ids().includes('x3'));
  rig.answering = () => 200;
  await rig.clock.advance(60_000);
  assert.deepEqual(
    rig
      .ids()
      .filter((id) => id.startsWith('x'))
      .slice(-3),
    ['x1', 'x2', 'x3'],
  );
  await rig.stop();
});

test('events of one user never overlap; different users go side by side up to the bound', async () => {
  const rig = await started({ laneLimits: { concurrency: 4 } });
  const open = new Map<string, number>();
  let most = 0;
  rig.answering = async ({ body }) => {
    const user = JSON.parse(String(body)).messageId.split('-')[0];
    open.set(user, (open.get(user) ?? 0) + 1);
    assert.equal(open.get(user), 1);
    most = Math.max(
      most,
      [...open.values()].reduce((sum, count) => sum + count),
    );
    await rig.clock.sleep(10);
    open.set(user, 0);
    return 200;
  };
  const events = Array.from({ length: 60 }, (_, n) => ({ id: `${n % 7}-${n}`, u: `${n % 7}` }));
  await rig.append(...events);
  await rig.clock.advance(2_000);
  assert.equal(rig.sent.length, 60);
  assert.equal(most, 4);
  await rig.stop();
});

test('at the bound of parked events the cursor stops, and goes on when they are gone', async () => {
  const rig = await started({ laneLimits: { parkedEvents: 10, concurrency: 2 } });
  rig.answering = ({ body }) => (JSON.parse(String(body)).messageId.startsWith('x') ? 503 : 200);
  await rig.append(...Array.from({ length: 30 }, (_, n) => ({ id: `x${n}`, u: 'x' })));
  await rig.append({ id: 'y', u: 'y' });
  await rig.clock.advance(3_000);
  assert.equal(rig.lane().parked, 10);
  assert.equal(await rig.metric('tributary_deliver_lag_events'), 21);
  assert.equal(await rig.metric('tributary_deliver_parked', { destination: 'dest' }), 10);
  assert.ok(!rig.ids().includes('y'));
  rig.answering = () => 200;
  await rig.clock.advance(20_000);
  assert.ok(rig.ids().includes('y') && rig.ids().includes('x29'));
  assert.equal(rig.lane().parked, 0);
  await rig.stop();
});
