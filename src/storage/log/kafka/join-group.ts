import { Consumer } from '@platformatic/kafka';
import type { Clock } from '../../../core/clock.ts';
import type { Membership, OnAssigned } from '../../../core/event-log.ts';
import type { Logger } from '../../../core/logger.ts';
import { assignPartitions } from './divide-partitions.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import { reasonOf } from './kafka-error.ts';
import { toKafka } from './record-format.ts';
import { endOfTries, tryAgain } from './try-again.ts';

export interface JoinGroupOptions {
  readonly cluster: KafkaCluster;
  readonly group: string;
  readonly topic: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onAssigned: OnAssigned;
}

/** A node that is not heard of for so long has left, ms. */
const sessionMs = 10_000;
const heartbeatMs = 1_000;
/** Pause before a membership that was lost is begun anew, ms. */
const rejoinMs = 1_000;
const reportMs = 5_000;

/**
 * Joins a consumer group for its assignment alone: records are fetched, and positions kept, elsewhere. While the group is
 * rebalanced the last assignment stays in force, because leases decide who may work. Where the membership is lost for
 * good, as after a long outage, nothing is assigned any more, so that others may go on, and it is begun anew.
 */
export async function joinGroup(options: JoinGroupOptions): Promise<Membership> {
  const membership = new GroupMembership(options);
  await membership.join();
  return membership;
}

class GroupMembership implements Membership {
  readonly #options: JoinGroupOptions;
  readonly #leaving = endOfTries();
  readonly #reports = new Map<number, bigint>();
  #consumer: Consumer | undefined;
  #lost = Promise.withResolvers<void>();
  #kept: Promise<void> = Promise.resolve();
  #cancelReport: () => void = () => undefined;

  constructor(options: JoinGroupOptions) {
    this.#options = options;
  }

  async join(): Promise<void> {
    await this.#join();
    this.#kept = this.#keep();
    this.#reportAgain();
  }

  report(partition: number, offset: number): void {
    this.#reports.set(partition, toKafka(offset));
  }

  async leave(): Promise<void> {
    this.#leaving.abort();
    this.#lost.resolve();
    this.#cancelReport();
    await this.#report();
    await this.#kept;
    await this.#drop();
  }

  /** Joins anew whenever the membership is lost. One member at a time: a second would be given partitions that nobody works on. */
  async #keep(): Promise<void> {
    const { clock, group, logger, onAssigned } = this.#options;
    const { signal } = this.#leaving;
    while (!signal.aborted) {
      await this.#lost.promise;
      if (signal.aborted) return;
      logger.warn({ group }, 'the membership in a group was lost; joining again');
      onAssigned([]);
      await this.#drop();
      await clock.sleep(rejoinMs, signal);
      try {
        await this.#join();
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  }

  async #join(): Promise<void> {
    const { clock, group } = this.#options;
    const patience = { clock, signal: this.#leaving.signal, mostMs: Number.POSITIVE_INFINITY };
    await tryAgain(`joining the group ${group}`, patience, async () => {
      await this.#drop();
      const consumer = this.#open();
      this.#consumer = consumer;
      await consumer.joinGroup({});
    });
  }

  /** A member that has not joined yet. What it loses, also while it joins, resolves `#lost`. */
  #open(): Consumer {
    const { cluster, group, topic, onAssigned } = this.#options;
    const consumer = new Consumer({
      ...cluster.clientOptions(),
      groupId: group,
      sessionTimeout: sessionMs,
      rebalanceTimeout: sessionMs,
      heartbeatInterval: heartbeatMs,
      protocols: [{ name: 'cooperative-sticky', version: 1 }],
      partitionAssigner: assignPartitions,
    });
    cluster.outliveErrors(consumer);
    const lost = Promise.withResolvers<void>();
    this.#lost = lost;
    // It is emitted when a member cannot rejoin: the library tries no further.
    consumer.on('error', () => lost.resolve());
    consumer.on('consumer:heartbeat:stalled', () => lost.resolve());
    consumer.topics.trackAll(topic);
    consumer.on('consumer:group:join', ({ assignments }) => {
      if (consumer !== this.#consumer) return;
      onAssigned(assignments?.flatMap(({ partitions }) => partitions) ?? []);
    });
    return consumer;
  }

  async #report(): Promise<void> {
    const { group, logger, topic } = this.#options;
    const consumer = this.#consumer;
    const mine = new Set(consumer?.assignments?.flatMap(({ partitions }) => partitions));
    const offsets = [...this.#reports]
      .filter(([partition]) => mine.has(partition))
      .map(([partition, offset]) => ({ topic, partition, offset, leaderEpoch: -1 }));
    this.#reports.clear();
    if (offsets.length === 0) return;
    try {
      await consumer?.commit({ offsets });
    } catch (error) {
      logger.debug({ group, reason: reasonOf(error) }, 'positions were not shown to Kafka');
    }
  }

  #reportAgain(): void {
    this.#cancelReport = this.#options.clock.after(reportMs, () => {
      void this.#report().then(() => {
        if (!this.#leaving.signal.aborted) this.#reportAgain();
      });
    });
  }

  async #drop(): Promise<void> {
    const consumer = this.#consumer;
    this.#consumer = undefined;
    try {
      await consumer?.close(true);
    } catch (error) {
      const reason = reasonOf(error);
      this.#options.logger.debug({ reason }, 'a member of a group did not leave in order');
    }
  }
}
