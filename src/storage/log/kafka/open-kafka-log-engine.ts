/**
 * The logs on Apache Kafka: one topic a log, the same partitions in each. What a record and a commit are, says
 * record-format.ts; who may write, open-kafka-log-writer.ts. Nothing is kept on this machine.
 */
import type { Clock } from '../../../core/clock.ts';
import { TributaryError } from '../../../core/errors.ts';
import type {
  LogEngine,
  LogName,
  LogWriter,
  Membership,
  OnAssigned,
  OpenWriterOptions,
} from '../../../core/event-log.ts';
import type { Logger } from '../../../core/logger.ts';
import { joinGroup } from './join-group.ts';
import { KafkaCluster } from './kafka-cluster.ts';
import { accessFailure } from './kafka-error.ts';
import { KafkaLogReader } from './kafka-log-reader.ts';
import type { KafkaLogWriter } from './kafka-log-writer.ts';
import { KafkaRetention } from './kafka-retention.ts';
import { parseKafkaUrl } from './kafka-url.ts';
import { openKafkaLogWriter } from './open-kafka-log-writer.ts';
import { prepareTopics, topicOf } from './prepare-topics.ts';
import type { Place } from './record-format.ts';
import { endOfTries, tryAgain } from './try-again.ts';

export interface KafkaLogEngineOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onFlush?: (durationMs: number, bytes: number, units: number) => void;
}

/** How long the brokers may be away when the engine opens, ms. */
const openMs = 60_000;
/** The log that every node writes; of the others, each partition has one writer. */
const sharedLog: LogName = 'accepted';

export async function openKafkaLogEngine(options: KafkaLogEngineOptions): Promise<LogEngine> {
  const target = parseKafkaUrl(options.url);
  const cluster = new KafkaCluster(target, target.prefix);
  const { clock } = options;
  try {
    const patience = { clock, signal: endOfTries().signal, mostMs: openMs };
    const partitions = await tryAgain('opening the logs', patience, () =>
      prepareTopics(cluster.admin, target),
    );
    return new KafkaLogEngine(cluster, target.prefix, partitions, options);
  } catch (error) {
    await cluster.close();
    const access = accessFailure(error instanceof TributaryError ? error.cause : error);
    if (access === undefined) throw error;
    throw new TributaryError('config_invalid', `TRIBUTARY_LOG: ${access}`);
  }
}

class KafkaLogEngine implements LogEngine {
  readonly partitions: number;
  readonly outlivesNode = true;
  readonly #cluster: KafkaCluster;
  readonly #prefix: string;
  readonly #options: KafkaLogEngineOptions;
  readonly #readers = new Map<KafkaLogReader, Place>();
  readonly #writers = new Map<string, KafkaLogWriter>();
  readonly #opening = new Set<string>();

  constructor(
    cluster: KafkaCluster,
    prefix: string,
    partitions: number,
    options: KafkaLogEngineOptions,
  ) {
    this.partitions = partitions;
    this.#cluster = cluster;
    this.#prefix = prefix;
    this.#options = options;
  }

  async openWriter(log: LogName, partition: number, options: OpenWriterOptions = {}) {
    const place = this.#place(log, partition);
    const name = `${place.topic}/${partition}`;
    if (this.#opening.has(name)) {
      throw new TributaryError('log_locked', `The log ${name} has a writer.`);
    }
    this.#opening.add(name);
    try {
      const writer = await openKafkaLogWriter({
        cluster: this.#cluster,
        place,
        clock: this.#options.clock,
        name: log === sharedLog ? undefined : name,
        floor: options.floor ?? 0,
        onCommit: options.onCommit ?? (() => undefined),
        onFlush: this.#options.onFlush ?? (() => undefined),
        onClose: () => {
          this.#opening.delete(name);
          this.#writers.delete(name);
        },
      });
      this.#writers.set(name, writer);
      const opened: LogWriter = writer;
      return { writer: opened, recovery: { cutBytes: 0, damaged: [] } };
    } catch (error) {
      this.#opening.delete(name);
      throw error;
    }
  }

  join(role: string, log: LogName, onAssigned: OnAssigned): Promise<Membership> {
    const { clock, logger } = this.#options;
    return joinGroup({
      cluster: this.#cluster,
      group: `${this.#prefix}.${role}`,
      topic: topicOf(this.#prefix, log),
      clock,
      logger,
      onAssigned,
    });
  }

  async openReader(log: LogName, partition: number): Promise<KafkaLogReader> {
    const place = this.#place(log, partition);
    const reader: KafkaLogReader = new KafkaLogReader({
      cluster: this.#cluster,
      place,
      clock: this.#options.clock,
      onClose: () => this.#readers.delete(reader),
    });
    this.#readers.set(reader, place);
    return reader;
  }

  async trim(log: LogName, partition: number, before: number): Promise<number> {
    const start = await this.#retention(log, partition).trim(before);
    const { topic } = this.#place(log, partition);
    for (const [reader, place] of this.#readers) {
      if (place.topic === topic && place.partition === partition) reader.forget();
    }
    return start;
  }

  startAfterTrim(log: LogName, partition: number, before: number): Promise<number> {
    return this.#retention(log, partition).startAfterTrim(before);
  }

  usage(log: LogName, partition: number) {
    return this.#retention(log, partition).usage();
  }

  offsetKeeping(log: LogName, partition: number, bytes: number): Promise<number> {
    return this.#retention(log, partition).offsetKeeping(bytes);
  }

  hasRoom(): boolean {
    return [...this.#writers.values()].every((writer) => !writer.isStuck);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#writers.values()].map((writer) => writer.close()));
    await Promise.all([...this.#readers.keys()].map((reader) => reader.close()));
    await this.#cluster.close();
  }

  #place(log: LogName, partition: number): Place {
    return { topic: topicOf(this.#prefix, log), partition };
  }

  #retention(log: LogName, partition: number): KafkaRetention {
    return new KafkaRetention(this.#cluster, this.#place(log, partition), this.#options.clock);
  }
}
