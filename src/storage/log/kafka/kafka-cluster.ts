import { isIP } from 'node:net';
import {
  Admin,
  type API,
  apiVersionsV3,
  type BaseOptions,
  type Broker,
  type ClusterTopicMetadata,
  type Connection,
  type ConnectionOptions,
  ConnectionPool,
  type Consumer,
  FindCoordinatorKeyTypes,
} from '@platformatic/kafka';
import { TributaryError } from '../../../core/errors.ts';
import { reasonOf } from './kafka-error.ts';
import type { KafkaTarget } from './kafka-url.ts';
import type { Place } from './record-format.ts';

/** How long a request may take before its connection counts as broken, ms. */
const requestMs = 10_000;
const connectMs = 5_000;
/** How long metadata is believed without a reason to doubt it, ms. */
const metadataMs = 60_000;

/** Timestamps with which Kafka asks for the ends of a partition. */
const latest = -1n;
const earliest = -2n;

/** Where a partition is led, and what a request must name. */
export interface Leader {
  readonly topicId: string;
  readonly broker: Broker;
}

/** A Kafka cluster: administration, the leaders of partitions, connections of their own for whoever asks. */
export class KafkaCluster {
  readonly admin: Admin;
  readonly #target: KafkaTarget;
  readonly #clientId: string;
  /** Broker to highest version by API; a rolling upgrade of the brokers is seen when a connection is made. */
  readonly #versions = new WeakMap<Connection, Promise<ReadonlyMap<number, number>>>();

  constructor(target: KafkaTarget, clientId: string) {
    this.#target = target;
    this.#clientId = clientId;
    this.admin = new Admin({ ...this.clientOptions(), metadataMaxAge: metadataMs });
    this.outliveErrors(this.admin);
  }

  /** For a client of the library. */
  clientOptions(): BaseOptions {
    return {
      clientId: this.#clientId,
      bootstrapBrokers: [...this.#target.brokers],
      retries: 3,
      retryDelay: 250,
      ...this.#connection(),
    };
  }

  /** Connections that nobody else uses: a request that waits for new records holds up all behind it. */
  connections(): ConnectionPool {
    const pool = new ConnectionPool(this.#clientId, this.#connection());
    pool.on('connecting', ({ connection }) => connection.on('error', ignore));
    return pool;
  }

  /** A connection may report more errors than the library listens to; each has failed its requests already. */
  outliveErrors(client: Admin | Consumer): void {
    client.on('client:broker:connect', ({ connection }) => connection.on('error', ignore));
  }

  /** Who leads a partition. `anew` asks the cluster: after a failure the leader may be another. */
  async leader(topic: string, partition: number, anew: boolean): Promise<Leader> {
    const metadata = await this.admin.metadata({ topics: [topic], forceUpdate: anew });
    const found: ClusterTopicMetadata | undefined = metadata.topics.get(topic);
    const broker = metadata.brokers.get(found?.partitions[partition]?.leader ?? -1);
    if (found === undefined || broker === undefined) {
      throw new TributaryError('log_unavailable', `${topic}/${partition} has no leader just now`);
    }
    return { topicId: found.id, broker };
  }

  async anyBroker(): Promise<Broker> {
    const metadata = await this.admin.metadata({ topics: [] });
    const [broker] = metadata.brokers.values();
    if (broker === undefined) {
      throw new TributaryError('log_unavailable', 'The Kafka cluster names no broker');
    }
    return broker;
  }

  /** The broker that gives out the epochs of a producer's name. */
  async transactionCoordinator(name: string): Promise<Broker> {
    const keyType = FindCoordinatorKeyTypes.TRANSACTION;
    const [found] = await this.admin.findCoordinator({ keyType, keys: [name] });
    if (found === undefined) {
      throw new TributaryError('log_unavailable', `Kafka names no coordinator of ${name}`);
    }
    return found;
  }

  /** Kafka's first offset kept, and that behind the last record. */
  async bounds(place: Place): Promise<readonly [start: bigint, end: bigint]> {
    return Promise.all([this.offsetAt(place, earliest), this.offsetAt(place, latest)]);
  }

  /** Kafka's offset of the first record at or after a time, ms since the epoch; -1 where there is none. */
  async offsetAt({ topic, partition }: Place, timestamp: bigint): Promise<bigint> {
    const partitions = [{ partitionIndex: partition, timestamp }];
    const answer = await this.admin.listOffsets({ topics: [{ name: topic, partitions }] });
    return answer[0]?.partitions[0]?.offset ?? -1n;
  }

  /** Of the versions of an API, newest first, the first that the broker speaks. */
  async speak<A extends API<never, unknown>>(
    connection: Connection,
    versions: readonly A[],
  ): Promise<A> {
    let known = this.#versions.get(connection);
    if (known === undefined) {
      known = highestVersions(connection);
      this.#versions.set(connection, known);
    }
    const highest = await known;
    const api = versions.find(({ key, version }) => version <= (highest.get(key) ?? -1));
    if (api === undefined) {
      const [{ key } = { key: -1 }] = versions;
      throw new TributaryError(
        'config_invalid',
        `The Kafka brokers are too old: they speak version ${highest.get(key)} of API ${key}`,
      );
    }
    return api;
  }

  async close(): Promise<void> {
    await this.admin.close();
  }

  #connection(): ConnectionOptions {
    const { brokers, tls, sasl } = this.#target;
    // An address has no place in the greeting of TLS.
    const areNamed = brokers.every((broker) => isIP(broker.split(':')[0] ?? '') === 0);
    return {
      connectTimeout: connectMs,
      requestTimeout: requestMs,
      ...(tls && { tls: { ...tls }, tlsServerName: areNamed }),
      ...(sasl && { sasl }),
    };
  }
}

async function highestVersions(connection: Connection): Promise<ReadonlyMap<number, number>> {
  try {
    const { apiKeys } = await apiVersionsV3.api.async(connection, 'tributary', '1');
    return new Map(apiKeys.map(({ apiKey, maxVersion }) => [apiKey, maxVersion]));
  } catch (cause) {
    const message = `A Kafka broker does not say what it speaks: ${reasonOf(cause)}`;
    throw new TributaryError('log_unavailable', message, { cause });
  }
}

function ignore(): void {}
