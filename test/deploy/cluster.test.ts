/** The clusters of compose.yaml and of the chart, without an engine: their settings, on processes of this machine. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isJsonObject } from '../../src/core/json.ts';
import { addWebhook, valueAt } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import { freePort } from '../rig/free-port.ts';
import { startPostgres } from '../rig/postgres.ts';
import { startReceiver } from '../rig/receiver.ts';
import { type Server, startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';
import { maven } from '../sdks/install/maven.ts';
import { kafka } from '../services/kafka.ts';
import { missing } from '../state/state-rig.ts';
import { lacksGo, lint } from './lint.ts';

const skip = lacksGo || (kafka.find() === undefined && 'Kafka needs Java and Maven') || missing;
const timeout = 240_000;

type Settings = Readonly<Record<string, string>>;

test('the cluster of compose.yaml: its broker starts as it is set, and each of the three nodes takes events that are delivered', {
  skip,
  timeout,
}, async (t) => {
  const { found } = lint('compose', 'compose.yaml', 'cluster');
  const broker = await startBroker(t, settings(valueAt(found, 'services.kafka.environment')));
  const state = await startState(t);
  const nodes: Server[] = [];
  for (const name of ['node-1', 'node-2', 'node-3']) {
    const env = settings(valueAt(found, `services.${name}.environment`));
    nodes.push(await startNode(t, name, here(env, broker, state)));
  }
  await assertDelivers(t, nodes, nodes[0]);
});

test("the cluster of the chart: events come in at the nodes of one kind, are worked on by another, and the API is a third's", {
  skip,
  timeout,
}, async (t) => {
  const compose = lint('compose', 'compose.yaml', 'cluster').found;
  const broker = await startBroker(t, settings(valueAt(compose, 'services.kafka.environment')));
  const secret = {
    TRIBUTARY_LOG: 'kafka://kafka:9092/tributary?partitions=6&replication=1',
    TRIBUTARY_STATE: 'postgres://tributary:p@postgres:5432/tributary',
    TRIBUTARY_TOKEN: 'from the rig',
    TRIBUTARY_SECRET_KEY: 'k'.repeat(32),
  };
  const { found } = lint(
    'chart',
    'deploy/helm/tributary',
    JSON.stringify({ mode: 'cluster', secret }),
  );
  assert.ok(Array.isArray(found));
  const state = await startState(t);
  const nodes = new Map<string, Server>();
  for (const deployment of found.filter((one) => valueAt(one, 'kind') === 'Deployment')) {
    const name = String(valueAt(deployment, 'metadata.name'));
    const list = valueAt(deployment, 'spec.template.spec.containers.0.env');
    const pairs = Array.isArray(list) ? list.filter(isJsonObject) : [];
    const own = Object.fromEntries(
      pairs.map(({ name: key, value }) => [String(key), String(value)]),
    );
    nodes.set(name, await startNode(t, name, here({ ...secret, ...own }, broker, state)));
  }
  const [control, ingest, worker] = ['control', 'ingest', 'worker'].map((kind) =>
    nodes.get(`lint-tributary-${kind}`),
  );
  assert(control && ingest && worker);
  await assertDelivers(t, [ingest], control);
  const elsewhere = await track(worker, '/v1/track', { userId: 'u', event: 'e' });
  assert.ok(elsewhere.status >= 400, 'a worker takes no events');
});

/** Events sent to each of the nodes arrive at a destination that was made at another. */
async function assertDelivers(
  t: TestContext,
  nodes: readonly Server[],
  control: Server | undefined,
): Promise<void> {
  assert(control !== undefined);
  const receiver = await startReceiver();
  t.after(() => receiver.close());
  await addWebhook(control, [receiver.url]);
  const sent: string[] = [];
  for (const [index, node] of nodes.entries()) {
    for (let n = 0; n < 10; n++) {
      const messageId = `${index}-${n}`;
      const event = { userId: `u${index}.${n}`, event: 'e', messageId };
      // A new write key is known to every node within a second.
      await eventually(
        'it is taken',
        async () => (await track(node, '/v1/track', event)).status === 200,
      );
      sent.push(messageId);
    }
  }
  await receiver.waitFor(
    'all of it',
    (taken) => new Set(taken.map(({ event }) => event['messageId'])).size === sent.length,
    60_000,
  );
}

interface Broker {
  readonly address: string;
}

/** A broker with the settings of the image's environment: KAFKA_A_B is a.b, as its entry point has it. */
async function startBroker(t: TestContext, env: Settings): Promise<Broker> {
  const folder = await tempFolder('compose-kafka');
  const [clients, controllers] = [await freePort(), await freePort()];
  const local = (value: string) =>
    value
      .replaceAll('9092', String(clients))
      .replaceAll('9093', String(controllers))
      .replaceAll(/\b(kafka|localhost):/g, '127.0.0.1:')
      .replaceAll('://:', '://127.0.0.1:');
  const named = Object.entries(env).map(([key, value]) => {
    const name = key
      .replace(/^KAFKA_/, '')
      .toLowerCase()
      .replaceAll('_', '.');
    return `${name}=${name === 'log.dirs' ? join(folder.path, 'data') : local(value)}\n`;
  });
  const file = join(folder.path, 'server.properties');
  writeFileSync(file, named.join(''));
  const classPath = maven('org.apache.kafka:kafka_2.13:4.1.0');
  const tool = ['-cp', classPath, 'kafka.tools.StorageTool', 'format'];
  execFileSync('java', [...tool, '-t', 'AAAAAAAAAAAAAAAAAAAAAA', '-c', file], { stdio: 'pipe' });
  const log = openSync(join(folder.path, 'log'), 'a');
  const heap = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const child = spawn('java', [...heap, '-cp', classPath, 'kafka.Kafka', file], {
    stdio: ['ignore', log, log],
  });
  const ended = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
    await folder.remove();
  });
  await eventually('the broker listens', () => listens(clients), { within: 60_000 });
  return { address: `127.0.0.1:${clients}` };
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } finally {
    socket.destroy();
  }
}

async function startState(t: TestContext): Promise<string> {
  const server = await startPostgres();
  t.after(() => server.remove());
  return server.url();
}

/** The settings of a container, for a process of this machine: where the others are, and its token, are ours. */
function here(env: Settings, broker: Broker, state: string): Record<string, string> {
  const { TRIBUTARY_LOG = '', TRIBUTARY_STATE = '' } = env;
  assert.match(TRIBUTARY_STATE, /^postgres:/);
  const own = ['TRIBUTARY_HOST', 'TRIBUTARY_PORT', 'TRIBUTARY_DATA', 'TRIBUTARY_TOKEN'];
  return {
    ...Object.fromEntries(Object.entries(env).filter(([key]) => !own.includes(key))),
    TRIBUTARY_LOG: TRIBUTARY_LOG.replace('kafka:9092', broker.address),
    TRIBUTARY_STATE: state,
  };
}

async function startNode(t: TestContext, name: string, env: Settings): Promise<Server> {
  const folder = await tempFolder(name);
  const server = await startServer({ folder: folder.path, env, ready: false });
  t.after(async () => {
    await server.kill();
    await folder.remove();
  });
  await server.ready(60_000);
  return server;
}

function settings(value: unknown): Settings {
  assert(isJsonObject(value));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, String(one)]));
}
