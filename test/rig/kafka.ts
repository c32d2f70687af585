import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { openSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { maven } from '../sdks/install/maven.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { tempFolder } from './temp-folder.ts';

const library = 'org.apache.kafka:kafka_2.13:4.1.0';

/** One broker, also a controller (KRaft), in a process of its own. */
export interface Broker {
  readonly id: number;
  readonly address: string;
  readonly pid: number;
  start(): Promise<void>;
  /** Ends it: SIGTERM lets it hand over, SIGKILL does not. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** A real Kafka cluster on this machine. */
export interface Kafka {
  readonly brokers: readonly Broker[];
  /** For `TRIBUTARY_LOG`: a prefix of its own each time, so that tests do not meet. */
  url(query?: string): string;
  stop(): Promise<void>;
}

export interface KafkaOptions {
  /** Brokers; default 1. */
  readonly brokers?: number;
  /** What is added to the settings of each broker. */
  readonly settings?: Readonly<Record<string, string>>;
}

export async function startKafka(options: KafkaOptions = {}): Promise<Kafka> {
  const classPath = maven(library);
  const folder = await tempFolder('kafka');
  const ports = [];
  for (let id = 1; id <= (options.brokers ?? 1); id++) {
    ports.push({ id, clients: await freePort(), controllers: await freePort() });
  }
  const voters = ports.map(({ id, controllers }) => `${id}@127.0.0.1:${controllers}`).join(',');
  const cluster = randomBytes(16).toString('base64url');
  const brokers = ports.map(({ id, clients, controllers }) => {
    const file = join(folder.path, `${id}.properties`);
    const data = join(folder.path, String(id));
    const settings = { ...common(ports.length), ...options.settings };
    writeFileSync(
      file,
      properties({ ...settings, ...own({ id, clients, controllers, data, voters }) }),
    );
    execFileSync(
      'java',
      ['-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', cluster, '-c', file],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    return broker(id, `127.0.0.1:${clients}`, classPath, file, join(folder.path, `${id}.log`));
  });
  await Promise.all(brokers.map((one) => one.start()));
  let deployments = 0;
  return {
    brokers,
    url: (query = '') => {
      deployments += 1;
      const replication = `replication=${Math.min(3, brokers.length)}`;
      const hosts = brokers.map(({ address }) => address).join(',');
      return `kafka://${hosts}/test${deployments}?${replication}${query && `&${query}`}`;
    },
    stop: async () => {
      await Promise.all(brokers.map((one) => one.stop('SIGKILL')));
      await folder.remove();
    },
  };
}

function common(brokers: number): Record<string, string> {
  const replicas = String(Math.min(3, brokers));
  return {
    'process.roles': 'broker,controller',
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '3',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': String(Math.min(2, brokers)),
    'transaction.state.log.num.partitions': '3',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'auto.create.topics.enable': 'false',
    'num.network.threads': '2',
    'num.io.threads': '4',
  };
}

interface Own {
  readonly id: number;
  readonly clients: number;
  readonly controllers: number;
  readonly data: string;
  readonly voters: string;
}

function own({ id, clients, controllers, data, voters }: Own): Record<string, string> {
  const listeners = `PLAINTEXT://127.0.0.1:${clients}`;
  return {
    'node.id': String(id),
    'controller.quorum.voters': voters,
    listeners: `${listeners},CONTROLLER://127.0.0.1:${controllers}`,
    'advertised.listeners': listeners,
    'log.dirs': data,
  };
}

function properties(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function broker(id: number, address: string, classPath: string, file: string, log: string): Broker {
  const heap = ['-Xmx256m', '-Xms256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  let child: ChildProcess | undefined;
  return {
    id,
    address,
    get pid() {
      return child?.pid ?? -1;
    },
    start: async () => {
      const out = openSync(log, 'a');
      child = spawn('java', [...heap, '-cp', classPath, 'kafka.Kafka', file], {
        stdio: ['ignore', out, out],
      });
      await eventually(`Kafka broker ${id} listens`, () => listens(address), { within: 60_000 });
    },
    stop: async (signal = 'SIGTERM') => {
      const ending = child;
      if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
      const ended = once(ending, 'exit');
      ending.kill(signal);
      await ended;
    },
  };
}

async function listens(address: string): Promise<boolean> {
  const [host = '', port] = address.split(':');
  const socket = connect(Number(port), host);
  try {
    await once(socket, 'connect');
    return true;
  } finally {
    socket.destroy();
  }
}
