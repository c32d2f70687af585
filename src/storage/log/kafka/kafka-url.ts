import { readFileSync } from 'node:fs';
import { TributaryError } from '../../../core/errors.ts';

/** What the URL of `TRIBUTARY_LOG` says of a Kafka cluster. */
export interface KafkaTarget {
  /** `host:port` of brokers to begin with. */
  readonly brokers: readonly string[];
  /** What the names of topics, groups and producers begin with, so that deployments can share a cluster. */
  readonly prefix: string;
  /** Partitions of each log; fixed when the topics are made. */
  readonly partitions: number;
  /** Replicas of each partition. 1 accepts that a lost broker loses acknowledged events. */
  readonly replication: number;
  readonly tls: KafkaTls | undefined;
  readonly sasl: KafkaSasl | undefined;
}

/** PEM texts. */
interface KafkaTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

interface KafkaSasl {
  readonly mechanism: SaslMechanism;
  readonly username: string;
  readonly password: string;
}

const mechanisms = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
} as const;
type SaslMechanism = (typeof mechanisms)[keyof typeof mechanisms];

const shape =
  /^kafka:\/\/(?:(?<user>[^:@/?]*):(?<password>[^@/?]*)@)?(?<brokers>[^/?@]+)(?:\/(?<prefix>[^?]*))?(?:\?(?<query>.*))?$/;
const known = ['partitions', 'replication', 'tls', 'ca', 'cert', 'key', 'sasl'];

/**
 * Reads `kafka://user:password@host:port,host:port/prefix?partitions=8&replication=3&tls=on&ca=…&cert=…&key=…&sasl=…`.
 * User and password are percent-encoded. `tls` is `off` by default and `on` where a file is named; `sasl` is
 * `scram-sha-512` by default. Throws `config_invalid` naming what does not fit, never the password.
 */
export function parseKafkaUrl(url: string): KafkaTarget {
  const groups = shape.exec(url)?.groups;
  if (groups === undefined) {
    throw invalid('is not of the form kafka://user:password@host:port,host:port/prefix?…');
  }
  const query = new URLSearchParams(groups['query'] ?? '');
  for (const name of query.keys()) {
    if (!known.includes(name)) throw invalid(`has no parameter "${name}": ${known.join(', ')}`);
  }
  return {
    brokers: brokersOf(groups['brokers'] ?? ''),
    prefix: prefixOf(groups['prefix'] ?? ''),
    partitions: count(query, 'partitions', 8, 1_000),
    replication: count(query, 'replication', 3, 7),
    tls: tlsOf(query),
    sasl: saslOf(groups['user'], groups['password'], query),
  };
}

function brokersOf(text: string): readonly string[] {
  return text.split(',').map((broker) => {
    const [host = '', port = '9092', ...more] = broker.split(':');
    if (host === '' || more.length > 0 || !isPort(port)) {
      throw invalid(`names a broker "${broker}" that is not host:port`);
    }
    return `${host}:${port}`;
  });
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536;
}

function prefixOf(text: string): string {
  if (text === '') return 'tributary';
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(text)) {
    throw invalid(`has a prefix "${text}" that is no part of a topic's name`);
  }
  return text;
}

function count(query: URLSearchParams, name: string, byDefault: number, most: number): number {
  const text = query.get(name) ?? String(byDefault);
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > most) {
    throw invalid(`has ${name}=${text}: a whole number from 1 to ${most} is needed`);
  }
  return value;
}

function tlsOf(query: URLSearchParams): KafkaTls | undefined {
  const files = ['ca', 'cert', 'key'].flatMap((name) => {
    const path = query.get(name);
    return path === null ? [] : [[name, pem(name, path)] as const];
  });
  const said = query.get('tls') ?? (files.length > 0 ? 'on' : 'off');
  if (said !== 'on' && said !== 'off') throw invalid(`has tls=${said}: on or off`);
  return said === 'on' ? Object.fromEntries(files) : undefined;
}

function pem(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw invalid(`has ${name}=${path}, which cannot be read`, cause);
  }
}

function saslOf(
  user: string | undefined,
  password: string | undefined,
  query: URLSearchParams,
): KafkaSasl | undefined {
  const name = query.get('sasl');
  if (user === undefined || password === undefined) {
    if (name !== null) throw invalid('has sasl but no user:password@');
    return undefined;
  }
  const mechanism = isMechanism(name ?? 'scram-sha-512');
  if (mechanism === undefined) {
    throw invalid(`has sasl=${name}: ${Object.keys(mechanisms).join(', ')}`);
  }
  return { mechanism, username: decoded(user), password: decoded(password) };
}

function isMechanism(name: string): SaslMechanism | undefined {
  return Object.entries(mechanisms).find(([key]) => key === name)?.[1];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw invalid('has a user or password that is not percent-encoded', cause);
  }
}

function invalid(what: string, cause?: unknown): TributaryError {
  return new TributaryError('config_invalid', `TRIBUTARY_LOG: the URL ${what}`, { cause });
}
