/** A whole node while its PostgreSQL is away: what goes on, what waits, and what is there afterwards. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { limits } from '../../src/core/limits.ts';
import { addWebhook, firstSource, valueAt } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import { type Receiver, startReceiver } from '../rig/receiver.ts';
import { type Server, signalProcess, startServer, testToken } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';
import { missing, serverFor } from './state-rig.ts';

const skip = missing;
const users = 5;
const long = 120_000;

async function nodeOn(t: TestContext, state: string) {
  const folder = await tempFolder('outage');
  const receiver = await startReceiver();
  const running = new Set<Server>();
  t.after(async () => {
    for (const one of running) await one.kill();
    await receiver.close();
    await folder.remove();
  });
  const start = async (ready = true): Promise<Server> => {
    const env = { TRIBUTARY_STATE: state };
    const started = await startServer({ folder: folder.path, env, ready });
    running.add(started);
    return started;
  };
  return { start, receiver };
}

/** Sends events of a few users in turn; each is numbered, and each has to be taken. */
function sender(server: () => Server) {
  let sent = 0;
  const one = async () => {
    const number = sent;
    const event = { userId: `u${number % users}`, event: 'E', messageId: `m${number}` };
    sent += 1;
    const { status } = await track(server(), '/v1/track', { ...event, properties: { number } });
    assert.equal(status, 200, `event ${number} is taken`);
  };
  return {
    get sent() {
      return sent;
    },
    send: async (count: number) => {
      for (let more = 0; more < count; more += 1) await one();
    },
    sendFor: async (ms: number) => {
      const end = performance.now() + ms;
      while (performance.now() < end) {
        await one();
        await sleep(50);
      }
    },
  };
}

/** All were delivered, those of each user in order, judged by first arrivals. Returns what was repeated. */
async function allDelivered(receiver: Receiver, sent: number): Promise<number> {
  const numbers = () =>
    receiver.taken.map(({ event }) => Number(valueAt(event, 'properties.number')));
  await receiver.waitFor('all', () => new Set(numbers()).size === sent, long);
  const first = [...new Set(numbers())];
  for (let user = 0; user < users; user += 1) {
    const ofUser = first.filter((number) => number % users === user);
    assert.deepEqual(
      ofUser,
      ofUser.toSorted((a, b) => a - b),
    );
  }
  return receiver.taken.length - sent;
}

const userOf = (event: object) => valueAt(event, 'userId');

test('PostgreSQL away for longer than a lease: events are taken, delivery waits, then all arrives once and in order', {
  skip,
}, async (t) => {
  const postgres = await serverFor(t, { flushed: true });
  const { start, receiver } = await nodeOn(t, await postgres.url());
  const server = await start();
  await addWebhook(server, [receiver.url]);
  // One user's events wait for another try, parked in the store.
  receiver.answer = ({ event }) => (userOf(event) === 'u0' ? 503 : 200);
  const events = sender(() => server);
  await events.send(50);
  await receiver.waitFor('what can be delivered', (taken) => taken.length === 40);
  await postgres.stop('SIGQUIT');
  await events.sendFor(limits.leaseMs * 1.3);
  const answer = await fetch(`${server.url}/api/sources`, {
    headers: { authorization: `Bearer ${testToken}` },
  });
  assert.equal(answer.status, 503);
  await answer.arrayBuffer();
  await server.ready();
  const during = events.sent;
  await sleep(500);
  assert.ok(
    receiver.taken.length < (during * (users - 1)) / users,
    'what came after the lease was over waits',
  );
  receiver.answer = () => 200;
  await postgres.start();
  await events.send(10);
  assert.equal(await allDelivered(receiver, events.sent), 0, 'nothing is repeated');
  await firstSource(server);
});

test('a worker that is killed meanwhile waits for PostgreSQL, and repeats only what was not written down', {
  skip,
}, async (t) => {
  const postgres = await serverFor(t, { flushed: true });
  const url = await postgres.url();
  const database = new URL(url).pathname.slice(1);
  const { start, receiver } = await nodeOn(t, url);
  const server = await start();
  await addWebhook(server, [receiver.url]);
  receiver.answer = ({ event }) => (userOf(event) === 'u0' ? 503 : 200);
  const events = sender(() => server);
  await events.send(50);
  await receiver.waitFor('what can be delivered', (taken) => taken.length === 40);
  await eventually('it is written down', async () => {
    const [row] = await postgres.query(
      'select count(*)::int as n from tributary_work.parked',
      database,
    );
    return row?.['n'] === 10;
  });
  await postgres.stop('SIGQUIT');
  await events.send(20);
  const atMost = 20;
  const answer = await (await fetch(`${server.url}/health`)).json();
  const pid = Number(valueAt(answer, 'parts.processes.worker.pid'));
  assert.ok(pid > 1);
  signalProcess(pid, 'SIGKILL');
  await events.sendFor(3_000);
  receiver.answer = () => 200;
  await postgres.start();
  const repeated = await allDelivered(receiver, events.sent);
  assert.ok(repeated <= atMost, `${repeated} were repeated`);
});

test('a node that starts while PostgreSQL is away takes events by its last configuration, and delivers them later', {
  skip,
}, async (t) => {
  const postgres = await serverFor(t, { flushed: true });
  const { start, receiver } = await nodeOn(t, await postgres.url());
  let server = await start();
  await addWebhook(server, [receiver.url]);
  const events = sender(() => server);
  await events.send(20);
  await receiver.waitFor('all', (taken) => taken.length === 20);
  await server.stop();
  await postgres.stop();
  server = await start();
  await events.sendFor(2_000);
  await postgres.start();
  await events.send(10);
  assert.equal(await allDelivered(receiver, events.sent), 0, 'nothing is repeated');
});

test('a node whose first start finds no PostgreSQL takes no connections, and begins when it comes', {
  skip,
}, async (t) => {
  const postgres = await serverFor(t, { flushed: true });
  const url = await postgres.url();
  await postgres.stop();
  const { start, receiver } = await nodeOn(t, url);
  const server = await start(false);
  await eventually(
    'it says why',
    () => /"code":"store_failed".*ECONNREFUSED|ECONNREFUSED.*store_failed/.test(server.log()),
    { within: long },
  );
  await assert.rejects(track(server, '/v1/track', { userId: 'u', event: 'E' }));
  await postgres.start();
  await server.ready(long);
  await addWebhook(server, [receiver.url]);
  const events = sender(() => server);
  await events.send(10);
  assert.equal(await allDelivered(receiver, events.sent), 0);
});
