import {
  type ConnectionPool,
  fetchV13,
  fetchV14,
  fetchV15,
  fetchV16,
  fetchV17,
  type RecordsBatch,
} from '@platformatic/kafka';
import type { Clock } from '../../../core/clock.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import { isProtocolError } from './kafka-error.ts';
import type { Place } from './record-format.ts';
import { endOfTries, tryAgain } from './try-again.ts';

/** What a fetch found: whole batches; the first may begin before the offset asked for. */
export interface Fetched {
  readonly batches: readonly RecordsBatch[];
  /** Behind the last record that all replicas in sync have. */
  readonly highWatermark: bigint;
  /** First offset still kept. */
  readonly logStart: bigint;
}

export interface FetchRequest {
  /** Kafka's offset. */
  readonly offset: bigint;
  /** About how much is answered; at least one batch if there is one. */
  readonly maxBytes: number;
  /** How long the broker waits for something to answer with; 0 answers at once. */
  readonly maxWaitMs: number;
}

const versions = [fetchV17.api, fetchV16.api, fetchV15.api, fetchV14.api, fetchV13.api];
/** How long a broker may be away before a read is given up. */
const mostMs = 60_000;

/** Fetches from one partition, over connections of its own, wherever its leader is. */
export class PartitionFetcher {
  readonly #cluster: KafkaCluster;
  readonly #place: Place;
  readonly #clock: Clock;
  readonly #pool: ConnectionPool;
  readonly #closing = endOfTries();

  constructor(cluster: KafkaCluster, place: Place, clock: Clock) {
    this.#cluster = cluster;
    this.#place = place;
    this.#clock = clock;
    this.#pool = cluster.connections();
  }

  /** Rejects with `log_unavailable`. An offset that is not kept any longer, or not yet there, has no batches. */
  fetch(request: FetchRequest): Promise<Fetched> {
    const { topic, partition } = this.#place;
    const patience = { clock: this.#clock, signal: this.#closing.signal, mostMs };
    return tryAgain(`reading ${topic}/${partition}`, patience, async (attempt) => {
      try {
        return await this.#fetch(request, attempt > 0);
      } catch (error) {
        if (!isProtocolError(error, 'OFFSET_OUT_OF_RANGE')) throw error;
        return this.#bounds();
      }
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#pool.close();
  }

  async #fetch({ offset, maxBytes, maxWaitMs }: FetchRequest, anew: boolean): Promise<Fetched> {
    const { topic, partition } = this.#place;
    const { topicId, broker } = await this.#cluster.leader(topic, partition, anew);
    const connection = await this.#pool.get(broker);
    const api = await this.#cluster.speak(connection, versions);
    const wanted = {
      partition,
      currentLeaderEpoch: -1,
      fetchOffset: offset,
      lastFetchedEpoch: -1,
      partitionMaxBytes: maxBytes,
    };
    const topics = [{ topicId, partitions: [wanted] }];
    const answer = await api.async(
      connection,
      maxWaitMs,
      maxWaitMs > 0 ? 1 : 0,
      maxBytes,
      0,
      0,
      -1,
      topics,
      [],
      '',
    );
    const found = answer.responses[0]?.partitions[0];
    return {
      batches: found?.records ?? [],
      highWatermark: found?.highWatermark ?? 0n,
      logStart: found?.logStartOffset ?? 0n,
    };
  }

  async #bounds(): Promise<Fetched> {
    const [logStart, highWatermark] = await this.#cluster.bounds(this.#place);
    return { batches: [], highWatermark, logStart };
  }
}
