/** docs/operating/disaster.md where the log is Kafka and the state store PostgreSQL. */
import assert from 'node:assert/strict';
import { before, type TestContext, test } from 'node:test';
import { eventually } from '../rig/eventually.ts';
import { type Kafka, startKafka } from '../rig/kafka.ts';
import { type Postgres, startPostgres } from '../rig/postgres.ts';
import { seedFrom } from '../rig/random.ts';
import { startServer } from '../rig/server.ts';
import { kafka as kafkaService } from '../services/kafka.ts';
import { missing as noPostgres } from '../state/state-rig.ts';
import { operate } from './operated.ts';

const seed = seedFrom('OPERATING_SEED');
const skip = (kafkaService.find() === undefined && 'Kafka needs Java and Maven') || noPostgres;
let brokers: Kafka;
let database: Postgres;
before(async (t) => {
  if (skip) return;
  [brokers, database] = await Promise.all([startKafka(), startPostgres()]);
  assert(t !== undefined && 'after' in t);
  t.after(async () => {
    await brokers.stop();
    await database.remove();
  });
});

/** A node of a cluster with something delivered, stopped. */
async function delivered(t: TestContext) {
  const state = await database.url();
  const env = { TRIBUTARY_LOG: brokers.url('partitions=2'), TRIBUTARY_STATE: state };
  const node = await operate(t, { seed, env: { ...env, TRIBUTARY_SECRET_KEY: 'k'.repeat(32) } });
  await node.startLoad();
  await node.stopLoad();
  await node.allArrive(node.acknowledged());
  await node.server.stop();
  return {
    node,
    env,
    query: (text: string) => database.query(text, new URL(state).pathname.slice(1)),
  };
}

test('topics that were lost are refused, each by its name, until their cursors are deleted; then all that comes is delivered', {
  skip,
  timeout: 240_000,
}, async (t) => {
  const { node, env, query } = await delivered(t);
  const options = {
    folder: node.server.folder,
    port: node.server.port,
    env: {
      ...env,
      TRIBUTARY_LOG: brokers.url('partitions=2'),
      TRIBUTARY_SECRET_KEY: 'k'.repeat(32),
      TRIBUTARY_RATE_LIMIT: '0',
      TRIBUTARY_LOG_LEVEL: 'warn',
    },
  };
  const refused = await startServer({ ...options, ready: false });
  t.after(() => refused.kill());
  const says = /The topic \S+ ends at \d+ in partition \d, but was read up to \d+/;
  await eventually('it is refused', () => says.test(refused.log()), { within: 60_000 });
  await refused.kill();

  await query('delete from tributary_work.parked');
  await query('delete from tributary_work.cursor');
  const server = await startServer(options);
  t.after(() => server.kill());
  const before = node.acknowledged();
  await node.startLoad();
  await node.stopLoad();
  await node.allArrive(new Set([...node.acknowledged()].filter((id) => !before.has(id))));
});

test('a database older than the topics: what was delivered since is delivered again, and nothing is missing', {
  skip,
  timeout: 240_000,
}, async (t) => {
  const { node, query } = await delivered(t);
  // As of a moment when each destination had just been made.
  await query('update tributary_work.cursor set position = 0, stamp_input = 0, stamp_item = -1');
  await query('delete from tributary_work.parked');
  await node.start();
  const all = [...node.acknowledged()];
  await eventually('all of it repeats', () => all.every((id) => node.arrivals(id) > 1), {
    within: 60_000,
  });
  await node.startLoad();
  await node.stopLoad();
  await node.allArrive(node.acknowledged());
});
