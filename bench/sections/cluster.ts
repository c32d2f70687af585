import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/core/clock.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { openLogEngine } from '../../src/storage/open-log-engine.ts';
import { addWebhook } from '../../test/rig/api.ts';
import { eventually } from '../../test/rig/eventually.ts';
import { type Kafka, startKafka } from '../../test/rig/kafka.ts';
import { type CountingWebhook, pinAll, startCountingWebhook } from '../../test/rig/own-process.ts';
import { type Postgres, startPostgres } from '../../test/rig/postgres.ts';
import { processTree } from '../../test/rig/process-tree.ts';
import { type Receiver, startReceiver } from '../../test/rig/receiver.ts';
import { type Server, startServer, testWriteKey } from '../../test/rig/server.ts';
import { track } from '../../test/rig/track.ts';
import { kafka as kafkaService } from '../../test/services/kafka.ts';
import { postgres as postgresService } from '../../test/services/postgres.ts';
import { ensure } from '../../test/services/service.ts';
import type { Bench, Section } from '../bench.ts';
import { type Finding, finding, ratioFinding } from '../finding.ts';
import { corpus } from '../load/corpus.ts';
import { batchRequests, writeRequestFile } from '../load/request-file.ts';
import { wrk } from '../load/wrk.ts';
import { quantile } from '../quartiles.ts';
import { batchSize } from '../stand.ts';

const layouts = ['embedded', '1 node', '2 nodes', '3 nodes'] as const;
type Layout = (typeof layouts)[number];

/** Seconds of batches that each round hands in; what they make is then delivered. */
const feedSeconds = 1;
const connections = 12;
/** Of the latency: events a second, one at a time. */
const pacedRate = 100;

/** One deployment with its own destination. */
interface Deployment {
  readonly nodes: readonly Server[];
  /** Its `TRIBUTARY_LOG`; undefined when embedded. */
  readonly log: string | undefined;
  readonly webhook: CountingWebhook;
}

/** What one round of one deployment took. */
interface Round {
  /** Events a second, from the first byte in to the last answer of the webhook. */
  readonly rate: number;
  /** Microseconds of CPU an event: of the nodes in all, of their ingest and of their workers, of Kafka, of PostgreSQL. */
  readonly nodes: number;
  readonly ingest: number;
  readonly worker: number;
  readonly kafka: number;
  readonly postgres: number;
}

export const cluster: Section = {
  name: 'cluster',
  about:
    'one to three nodes on Kafka and PostgreSQL against the embedded engines, the nodes on the same two cores, the brokers on the others',
  run: async (bench) => {
    if (![kafkaService, postgresService].every(ensure)) {
      bench.say('    Kafka and PostgreSQL cannot be had here');
      return [];
    }
    const kafka = await startKafka();
    const postgres = await startPostgres({ flushed: true });
    const { generator, rest } = bench.cores;
    for (const { pid } of [...kafka.brokers, postgres]) pinAll(pid, [generator, rest]);
    const deployments = new Map<Layout, Deployment>();
    const receiver = await startReceiver();
    try {
      for (const layout of layouts) {
        deployments.set(layout, await deploy(layout, bench, kafka, postgres));
      }
      const rounds = await measure(bench, deployments, kafka, postgres);
      const latencies = await latency(bench, deployments, receiver);
      const bytes = await eventBytes(deployments.get('1 node'));
      return [...throughputFindings(rounds), ...bytes, ...latencyFindings(latencies)];
    } finally {
      for (const { nodes, webhook } of deployments.values()) {
        await Promise.all(nodes.map((node) => node.kill()));
        await webhook.stop();
      }
      await receiver.close();
      await kafka.stop();
      await postgres.remove();
    }
  },
};

async function deploy(
  layout: Layout,
  bench: Bench,
  kafka: Kafka,
  postgres: Postgres,
): Promise<Deployment> {
  const shared: Record<string, string> =
    layout === 'embedded'
      ? {}
      : {
          TRIBUTARY_LOG: kafka.url('partitions=6'),
          TRIBUTARY_STATE: await postgres.url(),
          TRIBUTARY_SECRET_KEY: 'the-secret-key-of-all-nodes-of-the-bench',
        };
  const nodes: Server[] = [];
  for (let index = 0; index < Math.max(1, Number(layout[0]) || 1); index++) {
    const env = { TRIBUTARY_RATE_LIMIT: '0', TRIBUTARY_LOG_LEVEL: 'warn', ...shared };
    nodes.push(await startServer({ folder: bench.folder(), env }));
  }
  const [first] = nodes;
  const webhook = await startCountingWebhook({ core: bench.cores.rest });
  if (first) await addWebhook(first, [`${webhook.url}/hook`]);
  const { ingest, worker } = bench.cores;
  for (const { pid } of nodes.flatMap((node) => node.tree())) pinAll(pid, [ingest, worker]);
  return { nodes, log: shared['TRIBUTARY_LOG'], webhook };
}

/** Rounds in turn, so that each is compared with those of its time. */
async function measure(
  bench: Bench,
  deployments: ReadonlyMap<Layout, Deployment>,
  kafka: Kafka,
  postgres: Postgres,
): Promise<ReadonlyMap<Layout, Round[]>> {
  const folder = bench.folder();
  mkdirSync(folder, { recursive: true });
  const requests = join(folder, 'batch.requests');
  const batches = bench.quick ? 50 : 250;
  writeRequestFile(
    requests,
    batchRequests(corpus(2, batches * batchSize), batchSize, testWriteKey),
  );
  // Partitions are handed over when nodes join: that is over.
  await sleep(5_000);
  const rounds = new Map<Layout, Round[]>(layouts.map((layout) => [layout, []]));
  for (let round = -1; round < bench.rounds; round++) {
    for (const [layout, deployment] of deployments) {
      const one = await deliverOnce(bench, deployment, requests, kafka, postgres);
      if (round >= 0) rounds.get(layout)?.push(one); // The first warms up.
    }
  }
  return rounds;
}

async function deliverOnce(
  bench: Bench,
  { nodes, webhook }: Deployment,
  requests: string,
  kafka: Kafka,
  postgres: Postgres,
): Promise<Round> {
  const trees = nodes.map(({ pid }) => pid);
  const used = () => ({
    nodes: cpuOf(trees),
    ingest: cpuOf(trees, 'tributary ingest'),
    worker: cpuOf(trees, 'tributary worker'),
    kafka: cpuOf(kafka.brokers.map(({ pid }) => pid)),
    postgres: cpuOf([postgres.pid]),
  });
  const before = await webhook.count();
  const cpuBefore = used();
  const begun = performance.now();
  const fed = await Promise.all(
    nodes.map(({ url, pid }) =>
      wrk({
        ...{ url, pid, requests, core: bench.cores.generator, seconds: feedSeconds },
        connections: connections / nodes.length,
      }),
    ),
  );
  const events = fed.reduce((sum, slot) => sum + slot.requests, 0) * batchSize;
  let count = 0;
  await eventually(
    `${events} events are delivered`,
    async () => {
      count = (await webhook.count()) - before;
      return count >= events;
    },
    { within: 180_000, every: 20 },
  );
  const seconds = (performance.now() - begun) / 1_000;
  const after = used();
  const each = (part: keyof typeof after) => ((after[part] - cpuBefore[part]) * 1e6) / count;
  return {
    rate: count / seconds,
    nodes: each('nodes'),
    ingest: each('ingest'),
    worker: each('worker'),
    kafka: each('kafka'),
    postgres: each('postgres'),
  };
}

/** Seconds of the trees; of their processes of that name alone. */
function cpuOf(pids: readonly number[], name = ''): number {
  return pids
    .flatMap(processTree)
    .filter(({ command }) => command.startsWith(name))
    .reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
}

/** What an event takes in the log `events` of a cluster, all copies but one left out. */
async function eventBytes(deployment: Deployment | undefined): Promise<Finding[]> {
  if (deployment?.log === undefined) return [];
  const room = { ratio: 0, bytes: 0 };
  const options = { clock: systemClock, logger: silentLogger, room };
  const engine = await openLogEngine(deployment.log, options);
  let bytes = 0;
  for (let partition = 0; partition < engine.partitions; partition++) {
    bytes += (await engine.usage('events', partition)).bytes;
  }
  await engine.close();
  const size = bytes / (await deployment.webhook.count());
  return [finding('an event in the log `events`', 'bytes', [size])];
}

/** Milliseconds from the first byte of an event to its arrival at a webhook, at a rate that nothing waits at. */
async function latency(
  bench: Bench,
  deployments: ReadonlyMap<Layout, Deployment>,
  receiver: Receiver,
): Promise<ReadonlyMap<Layout, number[]>> {
  const took = new Map<Layout, number[]>();
  receiver.recording = false;
  for (const [layout, { nodes }] of deployments) {
    const [first] = nodes;
    if (first === undefined) continue;
    await addWebhook(first, [receiver.url]);
    const times: number[] = [];
    const sent = new Map<string, number>();
    receiver.onTaken = ({ event, at }) => {
      const from = sent.get(String(event['messageId']));
      if (from !== undefined) times.push(at - from);
    };
    await sleep(2_000);
    const events = pacedRate * (bench.quick ? 2 : 20);
    for (let index = 0; index < events; index++) {
      const messageId = `paced-${layout}-${index}`;
      const node = nodes[index % nodes.length] ?? first;
      const anonymousId = `visitor-${index % 50}`;
      const due = performance.now() + 1_000 / pacedRate;
      sent.set(messageId, performance.now());
      await track(node, '/v1/track', { event: 'Paced', anonymousId, messageId });
      await sleep(Math.max(0, due - performance.now()));
    }
    await eventually(`all paced events of ${layout} arrive`, () => times.length >= events, {
      within: 30_000,
    });
    took.set(
      layout,
      times.toSorted((a, b) => a - b),
    );
  }
  receiver.onTaken = undefined;
  return took;
}

function throughputFindings(rounds: ReadonlyMap<Layout, readonly Round[]>): Finding[] {
  const values = (layout: Layout, key: keyof Round) =>
    rounds.get(layout)?.map((one) => one[key]) ?? [];
  const free = { mayExceedOne: true };
  const embedded = values('embedded', 'rate');
  const clustered = layouts.filter((layout) => layout !== 'embedded');
  return [
    finding('embedded: delivered', 'events/s', embedded),
    ...clustered.flatMap((layout) => {
      const rate = values(layout, 'rate');
      const perNode = rate.map((value) => value / Number(layout[0]));
      return [
        finding(`${layout}: delivered`, 'events/s', rate),
        finding(`${layout}: delivered a node`, 'events/s', perNode),
        ratioFinding(`${layout} / embedded`, rate, embedded, free),
      ];
    }),
    finding('embedded: CPU of the node', 'µs/event', values('embedded', 'nodes')),
    ...clustered.map((layout) =>
      finding(`${layout}: CPU of the nodes`, 'µs/event', values(layout, 'nodes')),
    ),
    finding('1 node: CPU of ingest', 'µs/event', values('1 node', 'ingest')),
    finding('1 node: CPU of the worker', 'µs/event', values('1 node', 'worker')),
    finding('1 node: CPU of Kafka', 'µs/event', values('1 node', 'kafka')),
    finding('1 node: CPU of PostgreSQL', 'µs/event', values('1 node', 'postgres')),
    ...clustered.map((layout) => {
      const what = `CPU of the nodes, ${layout} / embedded`;
      return ratioFinding(what, values(layout, 'nodes'), values('embedded', 'nodes'), free);
    }),
  ];
}

function latencyFindings(latencies: ReadonlyMap<Layout, readonly number[]>): Finding[] {
  const at = (layout: Layout, share: number) => quantile(latencies.get(layout) ?? [], share);
  const free = { mayExceedOne: true };
  return [0.5, 0.99].flatMap((share) => {
    const name = `end to end p${share * 100}`;
    return [
      ...layouts.map((layout) => finding(`${layout}: ${name}`, 'ms', [at(layout, share)])),
      ...(['1 node', '3 nodes'] as const).map((layout) =>
        ratioFinding(
          `${name}, ${layout} / embedded`,
          [at(layout, share)],
          [at('embedded', share)],
          free,
        ),
      ),
    ];
  });
}
