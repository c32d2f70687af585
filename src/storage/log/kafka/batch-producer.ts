import {
  type ConnectionPool,
  type MessageRecord,
  NumericMap,
  produceV9,
  produceV10,
  produceV11,
} from '@platformatic/kafka';
import type { Clock } from '../../../core/clock.ts';
import { TributaryError } from '../../../core/errors.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import { produceFailure, reasonOf } from './kafka-error.ts';
import { beginProducer, type ProducerIdentity } from './producer-identity.ts';
import type { Place } from './record-format.ts';
import { tryAgain } from './try-again.ts';

export interface BatchProducerOptions {
  readonly cluster: KafkaCluster;
  readonly place: Place;
  readonly clock: Clock;
  /** Its name where it is the only writer of the partition; undefined where others write too. */
  readonly name: string | undefined;
  /** Ends the tries. */
  readonly signal: AbortSignal;
}

const versions = [produceV11.api, produceV10.api, produceV9.api];
/** All replicas in sync have it before it is acknowledged. */
const allReplicas = -1;
/** How long a broker may wait for its replicas, ms: less than a request may take. */
const replicasMs = 5_000;
const sequences = 2 ** 31;

/**
 * Writes batches to one partition, one at a time. A batch whose outcome is not known, because its broker or the
 * way to it broke, is sent again under the same sequence number: the broker takes it once.
 */
export class BatchProducer {
  readonly #options: BatchProducerOptions;
  readonly #pool: ConnectionPool;
  #identity: ProducerIdentity | undefined;
  #sequence = 0;

  constructor(options: BatchProducerOptions) {
    this.#options = options;
    this.#pool = options.cluster.connections();
  }

  /** Takes an identity, that of the name if there is one: who had it before is fenced by the next batch. */
  async begin(mostMs: number): Promise<void> {
    const { cluster, clock, name, signal, place } = this.#options;
    const what = `beginning to write ${place.topic}/${place.partition}`;
    this.#identity = await tryAgain(what, { clock, signal, mostMs }, () =>
      beginProducer(cluster, this.#pool, name),
    );
    this.#sequence = 0;
  }

  /**
   * Writes the messages as one batch and resolves with Kafka's offset of the first. Rejects with `log_unavailable`
   * when `mostMs` are over, whether the batch was written or not; with `log_fenced` when another has the name.
   */
  async write(messages: readonly MessageRecord[], mostMs: number): Promise<bigint> {
    const { clock, signal, place } = this.#options;
    const what = `writing ${place.topic}/${place.partition}`;
    try {
      const first = await tryAgain(what, { clock, signal, mostMs }, (attempt) =>
        this.#produce(messages, attempt > 0),
      );
      this.#sequence = (this.#sequence + messages.length) % sequences;
      return first;
    } catch (error) {
      // Whatever is written next must not be taken for a part of this.
      this.#identity = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  async #produce(messages: readonly MessageRecord[], anew: boolean): Promise<bigint> {
    const { cluster, place } = this.#options;
    const { topic, partition } = place;
    const { broker } = await cluster.leader(topic, partition, anew);
    const connection = await this.#pool.get(broker);
    const api = await cluster.speak(connection, versions);
    this.#identity ??= await this.#beginAgain();
    const sequence = new NumericMap();
    sequence.set(`${topic}:${partition}`, this.#sequence);
    try {
      const answer = await api.async(connection, allReplicas, replicasMs, [...messages], {
        ...this.#identity,
        compression: 'none',
        sequences: sequence,
      });
      const first = typeof answer === 'object' && answer.responses[0]?.partitionResponses[0];
      if (!first) throw new TributaryError('log_unavailable', 'the broker answered nothing');
      return first.baseOffset;
    } catch (error) {
      throw this.#judged(error);
    }
  }

  async #beginAgain(): Promise<ProducerIdentity> {
    const { cluster, name } = this.#options;
    // With a name this would take the partition back from whoever has it now.
    if (name !== undefined) {
      throw new TributaryError('log_fenced', 'An earlier batch was not written');
    }
    this.#sequence = 0;
    return beginProducer(cluster, this.#pool, undefined);
  }

  /** What `tryAgain` is to do about a failure. */
  #judged(error: unknown): unknown {
    const { name, place } = this.#options;
    const failure = produceFailure(error);
    if (failure === 'unknown_sequence' && name === undefined) {
      this.#identity = undefined;
      return new TributaryError('log_unavailable', reasonOf(error), { cause: error });
    }
    if (failure === 'fenced' || failure === 'unknown_sequence') {
      const message = `${place.topic}/${place.partition} has another writer: ${reasonOf(error)}`;
      return new TributaryError('log_fenced', message, { cause: error });
    }
    return error;
  }
}
