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
  /** A second way to the first broker: it listens there too, and those who come that way are told the other port. */
  readonly door?: { readonly listens: number; readonly advertised: number };
  /** Clients speak TLS and say who they are (SASL). */
  readonly secure?: Secure;
}

interface Secure {
  /** PEM texts of the brokers. */
  readonly cert: string;
  readonly key: string;
  readonly user: string;
  readonly password: string;
}

export async function startKafka(options: KafkaOptions = {}): Promise<Kafka> {
  const classPath = maven(library);
  const folder = await tempFolder('kafka');
  const ports = [];
  for (let id = 1; id <= (options.brokers ?? 1); id++) {
    ports.push({ id, clients: await freePort(), controllers: await freePort() });
  }
  const voters = ports.map(({ id, controllers }) => `${id}@127.0.0.1:${controllers}`).join(',');
  // As text an identifier may begin with what the tool takes for an option.
  const cluster = `T${randomBytes(16).toString('base64url').slice(1)}`;
  const brokers = ports.map(({ id, clients, controllers }) => {
    const file = join(folder.path, `${id}.properties`);
    const data = join(folder.path, String(id));
    const settings = { ...common(ports.length), ...(options.secure && secured(options.secure)) };
    const door = id === 1 ? options.door : undefined;
    const ends = listeners({
      id,
      clients,
      controllers,
      secure: options.secure !== undefined,
      door,
    });
    const own = { 'node.id': String(id), 'controller.quorum.voters': voters, 'log.dirs': data };
    writeFileSync(file, properties({ ...settings, ...ends, ...own }));
    format(classPath, cluster, file, options.secure);
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

function format(classPath: string, cluster: string, file: string, secure?: Secure): void {
  const tool = ['-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', cluster, '-c', file];
  const users = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) =>
    secure ? ['-S', `${mechanism}=[name=${secure.user},password=${secure.password}]`] : [],
  );
  execFileSync('java', [...tool, ...users], { stdio: ['ignore', 'ignore', 'pipe'] });
}

function common(brokers: number): Record<string, string> {
  const replicas = String(Math.min(3, brokers));
  return {
    'process.roles': 'broker,controller',
    'controller.listener.names': 'CONTROLLER',
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

interface Ports {
  readonly id: number;
  readonly clients: number;
  readonly controllers: number;
  readonly secure: boolean;
  readonly door: KafkaOptions['door'];
}

function listeners({ clients, controllers, secure, door }: Ports): Record<string, string> {
  const at = `CLIENTS://127.0.0.1:${clients}`;
  const doorAt = (port: number | undefined) => (port ? `,DOOR://127.0.0.1:${port}` : '');
  return {
    'listener.security.protocol.map': `CONTROLLER:PLAINTEXT,DOOR:PLAINTEXT,CLIENTS:${secure ? 'SASL_SSL' : 'PLAINTEXT'}`,
    'inter.broker.listener.name': 'CLIENTS',
    listeners: `${at}${doorAt(door?.listens)},CONTROLLER://127.0.0.1:${controllers}`,
    'advertised.listeners': `${at}${doorAt(door?.advertised)}`,
  };
}

function secured({ cert, key, user, password }: Secure): Record<string, string> {
  const pem = (text: string) => text.trim().replaceAll('\n', '\\n');
  const login = `org.apache.kafka.common.security.plain.PlainLoginModule required username="${user}" password="${password}" user_${user}="${password}";`;
  const scram = `org.apache.kafka.common.security.scram.ScramLoginModule required username="${user}" password="${password}";`;
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.certificate.chain': pem(cert),
    'ssl.keystore.key': pem(key),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.certificates': pem(cert),
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    'listener.name.clients.plain.sasl.jaas.config': login,
    'listener.name.clients.scram-sha-256.sasl.jaas.config': scram,
    'listener.name.clients.scram-sha-512.sasl.jaas.config': scram,
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
