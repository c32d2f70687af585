import type { TestContext } from 'node:test';
import { type Ledger, ledger } from '../crash/ledger.ts';
import { addWebhook } from '../rig/api.ts';
import { freePort } from '../rig/free-port.ts';
import { type Kafka, startKafka } from '../rig/kafka.ts';
import { type Postgres, startPostgres } from '../rig/postgres.ts';
import type { Random } from '../rig/random.ts';
import { type Receiver, startReceiver } from '../rig/receiver.ts';
import { startTcpProxy, type TcpProxy } from '../rig/tcp-proxy.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { faketime } from '../services/faketime.ts';
import { type Node, startNode, stepClock } from './nodes.ts';

/** Three nodes on one Kafka and one PostgreSQL, a destination, and the books. */
export interface Cluster {
  readonly kafka: Kafka;
  readonly postgres: Postgres;
  /** The way of the first node to the broker; undefined with several brokers. */
  readonly way: TcpProxy | undefined;
  readonly nodes: readonly Node[];
  /** Sets the clock of the last node, seconds from the true time. */
  readonly setClock: (seconds: number) => void;
  readonly receiver: Receiver;
  readonly book: Ledger;
  /** As a load balancer has it: a node that is up, another each time. */
  readonly front: { readonly port: number };
  /** `TRIBUTARY_LOG` of a node that nothing stands in the way of. */
  readonly log: string;
}

const partitions = 6;

export async function startCluster(
  t: TestContext,
  { brokers, dice }: { readonly brokers: number; readonly dice: Random },
): Promise<Cluster> {
  const folder = await tempFolder('cluster');
  t.after(() => folder.remove());
  const listens = await freePort();
  const way = brokers === 1 ? await startTcpProxy(listens) : undefined;
  if (way) t.after(() => way.close());
  const kafka = await startKafka({
    brokers,
    ...(way && { door: { listens, advertised: way.port } }),
  });
  t.after(() => kafka.stop());
  const postgres = await startPostgres({ flushed: true });
  t.after(() => postgres.remove());
  const log = kafka.url(`partitions=${partitions}`);
  const shared = {
    TRIBUTARY_LOG: log,
    TRIBUTARY_STATE: await postgres.url(),
    TRIBUTARY_SECRET_KEY: 'the-secret-key-of-all-nodes-of-this-test',
  };
  const own = way && { TRIBUTARY_LOG: log.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${way.port}`) };
  const clock = stepClock(faketime.find() ?? '', `${folder.path}/clock`);
  const nodes: Node[] = [];
  const start = async (name: string, env: Readonly<Record<string, string>> = {}) => {
    const node = await startNode({ name, folder: folder.path, env: { ...shared, ...env } });
    nodes.push(node);
    t.after(() => node.kill());
  };
  await start('first', own);
  await start('second');
  await start('third', clock.env);

  const receiver = await startReceiver();
  t.after(() => receiver.close());
  const book = ledger();
  receiver.recording = false;
  receiver.onTaken = book.arrived;
  const [first] = nodes;
  if (first) await addWebhook(first.server, [receiver.url]);
  const front = {
    get port() {
      const up = nodes.filter(({ isUp }) => isUp);
      return dice.pick(up.length > 0 ? up : nodes).port;
    },
  };
  return { kafka, postgres, way, nodes, setClock: clock.set, receiver, book, front, log };
}
