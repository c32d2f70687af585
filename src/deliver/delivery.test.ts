import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DestinationDefinition } from '../core/destination.ts';
import { limits } from '../core/limits.ts';
import { recordKinds } from '../core/records.ts';
import { connection, DeliverRig, type RigOptions } from './testing/deliver-rig.ts';
import { postDestination } from './testing/post-destination.ts';

const hour = 3_600_000;

async function started(options: RigOptions = {}): Promise<DeliverRig> {
  const rig = await new DeliverRig(options).start();
  await rig.configure({ connections: [connection()] });
  return rig;
}

test('events go to the destination as stored; what was committed is not sent again', async () => {
  const rig = await started();
  await rig.append({ id: '1', u: 'a' }, { id: '2', u: 'b' });
  await rig.append({ id: '3', u: 'a' }, { id: 'foreign', u: 'a', source: 'elsewhere' });
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids().sort(), ['1', '2', '3']);
  assert.equal(JSON.parse(rig.sent[0]?.body ?? '').event, 'E');
  await rig.stop();
  await rig.start();
  await rig.append({ id: '4', u: 'a' });
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids().slice(3), ['4']);
  assert.equal(await rig.metric('tributary_deliver_delivered_total', { destination: 'dest' }), 1);
  await rig.stop();
});

test('a crash repeats only what was finished since the last commit', async () => {
  const rig = await started();
  await rig.append({ id: '1', u: 'a' }, { id: '2', u: 'b' });
  await rig.clock.advance(limits.cursorCommitMs + 1);
  await rig.append({ id: '3', u: 'a' }, { id: '4', u: 'b' });
  await rig.clock.advance(1);
  await rig.crash();
  await rig.start();
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids().sort(), ['1', '2', '3', '3', '4', '4']);
  await rig.stop();
});

test('a slow event does not make the finished ones behind it repeat', async () => {
  const rig = await started();
  rig.answering = async ({ body }) => {
    if (JSON.parse(String(body)).messageId === 'slow') await rig.clock.sleep(5_000);
    return 200;
  };
  await rig.append({ id: 'slow', u: 's' }, { id: '2', u: 'b' }, { id: 'behind', u: 's' });
  await rig.clock.advance(300);
  await rig.crash();
  await rig.start();
  await rig.clock.advance(20_000);
  assert.deepEqual(rig.ids(), ['slow', '2', 'slow', 'behind']);
  await rig.stop();
});

test('a kill between two items of one fan-out: no lane misses or repeats beyond its commit', async () => {
  const urls = ['http://one/', 'http://two/'];
  const rig = await new DeliverRig({ laneLimits: { concurrency: 1 } }).start();
  await rig.configure({ connections: [connection({ settings: { hooks: urls } })] });
  let answered = 0;
  rig.answering = ({ url }) => {
    // The first lane has taken one item of the request, the second none.
    if (url === urls[1] || answered > 0) return new Promise(() => undefined);
    answered += 1;
    return 200;
  };
  await rig.append({ id: '1', u: 'a' }, { id: '2', u: 'a' }, { id: '3', u: 'b' });
  await rig.clock.advance(limits.cursorCommitMs + 1);
  await rig.crash();
  const before = rig.sent.length;
  rig.answering = () => 200;
  await rig.start();
  await rig.clock.advance(1_000);
  const after = (url: string | undefined) =>
    rig.sent
      .slice(before)
      .filter((one) => one.url === url)
      .map(({ id }) => id);
  assert.deepEqual(after(urls[0]).sort(), ['2', '3']);
  assert.deepEqual(after(urls[1]).sort(), ['1', '2', '3']);
  await rig.stop();
});

test('a repeated range of the log is taken once', async () => {
  const rig = await started();
  await rig.append({ id: '1', u: 'a' }, { id: '2', u: 'b' });
  await rig.clock.advance(200);
  rig.repeatInput();
  await rig.append({ id: '1', u: 'a' }, { id: '2', u: 'b' }, { id: '3', u: 'c' });
  await rig.clock.advance(200);
  assert.deepEqual(rig.ids().sort(), ['1', '2', '3']);
  await rig.crash();
  await rig.start();
  rig.repeatInput();
  await rig.append({ id: '2', u: 'b' });
  await rig.clock.advance(200);
  assert.equal(rig.sent.length, 3);
  await rig.stop();
});

test('retries grow from a second to ten minutes and end after four hours with the last failure', async () => {
  const rig = await started();
  rig.answering = () => ({ status: 500, headers: {}, body: 'still down' });
  await rig.append({ id: '1', u: 'a' });
  await rig.clock.advance(5 * hour);
  const times = rig.sent.map(({ at }) => (at - (rig.sent[0]?.at ?? 0)) / 1_000);
  const gaps = times.slice(1).map((time, index) => Math.round(time - (times[index] ?? 0)));
  assert.deepEqual(gaps.slice(0, 11), [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600]);
  assert.equal(Math.round(times.at(-1) ?? 0), 4 * 3_600);
  const [discard] = (await rig.results()).filter(({ kind }) => kind === recordKinds.discard);
  assert.equal(discard?.['code'], 'retries_exhausted');
  assert.equal(discard?.['message'], 'still down');
  assert.equal(discard?.['attempts'], rig.sent.length);
  assert.equal(JSON.parse(discard?.body ?? '').messageId, '1');
  assert.equal(rig.lane().parked, 0);
  await rig.stop();
});

test('the age of a retry survives a restart', async () => {
  const rig = await started();
  rig.answering = () => 503;
  await rig.append({ id: '1', u: 'a' });
  await rig.clock.advance(3 * hour);
  await rig.crash();
  await rig.start();
  await rig.clock.advance(hour + 60_000);
  const codes = (await rig.results()).map(({ code }) => code);
  assert.ok(codes.includes('retries_exhausted'));
  await rig.stop();
});

test('Retry-After is honoured, up to its bound', async () => {
  const rig = await started();
  let after = '120';
  rig.answering = () => ({ status: 429, headers: { 'retry-after': after }, body: '' });
  await rig.append({ id: '1', u: 'a' });
  await rig.clock.advance(119_000);
  assert.equal(rig.sent.length, 1);
  after = '999999';
  await rig.clock.advance(2_000);
  assert.equal(rig.sent.length, 2);
  await rig.clock.advance(limits.retryAfterMostMs - 10_000);
  assert.equal(rig.sent.length, 2);
  await rig.clock.advance(20_000);
  assert.equal(rig.sent.length, 3);
  await rig.stop();
});

test('a refusal is a discard with its payload, and the next event of the user follows', async () => {
  const rig = await started();
  rig.answering = ({ body }) => (JSON.parse(String(body)).messageId === '1' ? 400 : 200);
  await rig.append({ id: '1', u: 'a' }, { id: '2', u: 'a' });
  await rig.clock.advance(200);
  assert.deepEqual(rig.ids(), ['1', '2']);
  const [discard, ...more] = await rig.results();
  assert.deepEqual(more, []);
  assert.deepEqual(
    [discard?.kind, discard?.['code'], discard?.['stage'], discard?.['destination']],
    [recordKinds.discard, 'message_rejected', 'deliver', 'dest'],
  );
  assert.equal(JSON.parse(discard?.body ?? '').messageId, '1');
  const labels = { stage: 'deliver', code: 'message_rejected', source: 'src' };
  assert.equal(await rig.metric('tributary_discards_total', labels), 1);
  await rig.stop();
});

test('no cursor passes a discard before it is durable', async () => {
  const rig = await started();
  rig.answering = () => 400;
  rig.resultsFail = true;
  const offset = await rig.append({ id: '1', u: 'a' });
  await rig.clock.advance(5_000);
  assert.equal(rig.deliver.neededFrom(), offset);
  await rig.crash();
  rig.resultsFail = false;
  await rig.start();
  await rig.clock.advance(500);
  assert.equal((await rig.results()).length, 1);
  assert.ok(rig.deliver.neededFrom() > offset);
  await rig.stop();
});

test('a destination that throws is tried a bounded number of times', async () => {
  let sends = 0;
  const throwing: DestinationDefinition = {
    ...postDestination,
    lanes: () => ({
      ok: true,
      lanes: [
        {
          id: 'hook',
          send: () => {
            sends += 1;
            throw new TypeError('x is not a function');
          },
        },
      ],
    }),
  };
  const rig = await started({ definitions: [throwing] });
  await rig.append({ id: '1', u: 'a' });
  await rig.clock.advance(60_000);
  assert.equal(sends, limits.bugAttempts);
  const discard = (await rig.results()).find(({ kind }) => kind === recordKinds.discard);
  assert.equal(discard?.['code'], 'internal');
  assert.match(String(discard?.['message']), /x is not a function/);
  await rig.stop();
});

test('failures are reported always, successes only while the source is watched', async () => {
  const rig = await started();
  await rig.append({ id: 'unseen', u: 'a' });
  await rig.clock.advance(200);
  rig.watched.add('src');
  let down = true;
  rig.answering = () => {
    down = !down;
    return down ? 200 : 503;
  };
  await rig.append({ id: 'seen', u: 'a' });
  await rig.clock.advance(5_000);
  const results = await rig.results();
  assert.deepEqual(
    results.map(({ kind, messageId, attempts, status }) => [kind, messageId, attempts, status]),
    [
      [recordKinds.retrying, 'seen', 1, 503],
      [recordKinds.delivered, 'seen', 2, 200],
    ],
  );
  assert.equal(Number(results[0]?.['next']) > 0, true);
  await rig.stop();
});

test('integrations, client-side delivery and unsupported types filter, counted by code', async () => {
  const rig = await started();
  await rig.append(
    { id: 'off', u: 'a', more: { integrations: { Post: false } } },
    { id: 'all-off', u: 'b', more: { integrations: { All: false } } },
    { id: 'on', u: 'c', more: { integrations: { All: false, Post: { list: 7 } } } },
    { id: 'client', u: 'd', more: { _metadata: { bundled: ['Post'] } } },
    { id: 'alias', u: 'e', type: 'alias' },
  );
  await rig.clock.advance(200);
  assert.deepEqual(rig.ids(), ['on']);
  const filtered = (code: string) => rig.metric('tributary_deliver_filtered_total', { code });
  assert.equal(await filtered('filtered_by_integrations_object'), 2);
  assert.equal(await filtered('message_sent_client_side'), 1);
  assert.equal(await filtered('unsupported_event_type'), 1);
  assert.deepEqual(await rig.results(), []);
  assert.equal(rig.lane().lagEvents, 0);
  await rig.stop();
});

test('a stop waits for what is in flight and commits it', async () => {
  const rig = await started();
  rig.answering = async () => {
    await rig.clock.sleep(300);
    return 200;
  };
  await rig.append({ id: '1', u: 'a' }, { id: '2', u: 'a' });
  await rig.clock.advance(10);
  const stopped = rig.stop();
  await rig.clock.advance(400);
  await stopped;
  assert.deepEqual(rig.ids(), ['1']);
  await rig.start();
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids(), ['1', '2']);
  await rig.stop();
});

test('a stop does not wait for ever: what is still in flight then is repeated', async () => {
  const rig = await started();
  rig.answering = () => new Promise(() => undefined);
  await rig.append({ id: '1', u: 'a' }, { id: '2', u: 'b' });
  await rig.clock.advance(10);
  const stopped = rig.stop();
  await rig.clock.advance(limits.stopMs);
  await stopped;
  rig.answering = () => 200;
  await rig.start();
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids().sort(), ['1', '1', '2', '2']);
  await rig.stop();
});

test('lanes at the tail share one read', async () => {
  const rig = await new DeliverRig().start();
  const hooks = Array.from({ length: 10 }, (_, n) => `http://hook${n}/`);
  await rig.configure({ connections: [connection({ settings: { hooks } })] });
  await rig.clock.advance(100);
  const before = rig.reads;
  await rig.append({ id: '1', u: 'a' });
  await rig.clock.advance(100);
  assert.equal(rig.sent.length, 10);
  assert.ok(rig.reads - before <= 3, `${rig.reads - before} reads`);
  await rig.stop();
});

test('a dead destination delays itself alone, and its backlog stays in the log', async () => {
  const rig = await new DeliverRig().start();
  const hooks = ['http://dead/', 'http://alive/'];
  await rig.configure({ connections: [connection({ settings: { hooks } })] });
  rig.answering = ({ url }) => (url === hooks[0] ? 503 : 200);
  for (let n = 0; n < 40; n += 1) {
    await rig.append(
      ...Array.from({ length: 100 }, (_, m) => ({ id: `${n}.${m}`, u: `${n}.${m}` })),
    );
  }
  await rig.clock.advance(30_000);
  assert.equal(rig.ids(hooks[1]).length, 4_000);
  const dead = rig.lane('httpdead');
  assert.equal(dead['circuit'], 'open');
  assert.ok(Number(dead['parked']) <= 100);
  assert.ok(Number(dead['lagEvents']) >= 3_900);
  assert.ok(Number(dead['lagSeconds']) >= 29);
  rig.answering = () => 200;
  await rig.clock.advance(60_000);
  assert.equal(new Set(rig.ids(hooks[0])).size, 4_000);
  assert.equal(rig.lane('httpdead')['lagEvents'], 0);
  assert.equal(rig.lane('httpdead')['circuit'], 'closed');
  await rig.stop();
});

test('events that wait for a free place set no alarms: what is in flight wakes the lane', async () => {
  const rig = await new DeliverRig({ laneLimits: { concurrency: 4 } }).start();
  await rig.configure({ connections: [connection()] });
  rig.answering = () => 503;
  await rig.append(...Array.from({ length: 12 }, (_, n) => ({ id: `${n}`, u: `${n}` })));
  await rig.clock.advance(200);
  rig.answering = async () => {
    await rig.clock.sleep(60_000);
    return 200;
  };
  await rig.clock.advance(5_000);
  let alarms = 0;
  const after = rig.clock.after.bind(rig.clock);
  rig.clock.after = (ms, task) => {
    alarms += 1;
    return after(ms, task);
  };
  await rig.clock.advance(1_000);
  assert.ok(alarms < 10, `${alarms} alarms in a second`);
  await rig.clock.advance(300_000);
  assert.equal(rig.lane().delivered, 12);
  await rig.stop();
});

test('an event that falls due between two looks at the clock is sent all the same', async () => {
  for (const early of [1, 2, 3, 4]) {
    const rig = await new DeliverRig().start();
    await rig.configure({ connections: [connection()] });
    rig.answering = () => 503;
    await rig.append({ id: 'a', u: 'u' });
    await rig.clock.advance(200);
    rig.answering = () => 200;
    // At each moment the first looks come half a millisecond too early, as a timer may.
    const exact = rig.clock.now;
    let [moment, looks] = [0, 0];
    rig.clock.now = () => {
      looks = exact() === moment ? looks + 1 : 1;
      moment = exact();
      return looks > early ? moment : moment - 0.5;
    };
    await rig.clock.advance(20_000);
    assert.equal(rig.lane().delivered, 1, `${early} looks too early`);
    await rig.stop();
  }
});
