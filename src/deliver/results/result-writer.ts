import type { Clock } from '../../core/clock.ts';
import { TributaryError } from '../../core/errors.ts';
import type { LogEntry, LogWriter } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';
import type { Logger } from '../../core/logger.ts';
import type { OutcomeMeta } from '../../core/records.ts';
import type { DeliverMetrics } from '../deliver-metrics.ts';
import { MinuteQuota } from './minute-quota.ts';
import { type Discard, discardEntry, outcomeEntry, rangeEntry } from './result-entries.ts';

/** Discards of one append: bounds what is held and repeated when the log cannot take more. */
const mostAtOnce = 1_000;
/** Outcomes held while the log takes nothing. */
const mostOutcomes = 2 * limits.outcomesPerMinute;
const retryMs = 1_000;

/**
 * Writes what deliver has to say to the log `results`. Discards are durable before their event is
 * passed; what is above `limits.discardsPerMinute` of a source shares one counted record per
 * append. Outcomes are for the live tail: bounded by `limits.outcomesPerMinute`, not waited for.
 */
export class ResultWriter {
  readonly #log: LogWriter;
  readonly #partition: number;
  readonly #clock: Clock;
  readonly #metrics: DeliverMetrics;
  readonly #logger: Logger;
  readonly #discardQuota = new MinuteQuota(limits.discardsPerMinute);
  readonly #outcomeQuota = new MinuteQuota(limits.outcomesPerMinute);
  readonly #stopped = new AbortController();
  #discards: { discard: Discard; done: () => void }[] = [];
  #outcomes: LogEntry[] = [];
  #writing: Promise<void> | undefined;

  /** `log` is that of the partition. */
  constructor(
    log: LogWriter,
    partition: number,
    clock: Clock,
    metrics: DeliverMetrics,
    logger: Logger,
  ) {
    this.#log = log;
    this.#partition = partition;
    this.#clock = clock;
    this.#metrics = metrics;
    this.#logger = logger;
  }

  /** Resolves once the discard is durable. While the log takes nothing it waits: the event stays unfinished. */
  discard(discard: Discard): Promise<void> {
    return new Promise((done) => {
      this.#discards.push({ discard, done });
      this.#start();
    });
  }

  outcome(kind: 'delivered' | 'retrying', source: string, meta: OutcomeMeta): void {
    const isFull = this.#outcomes.length >= mostOutcomes;
    if (isFull || !this.#outcomeQuota.take(source, this.#clock.monotonic())) {
      this.#metrics.outcomesSkipped.inc();
      return;
    }
    this.#outcomes.push(outcomeEntry(kind, source, meta));
    this.#start();
  }

  /** Waits for what is being written; what the log cannot take now is given up and will repeat. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#writing;
  }

  #start(): void {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  async #write(): Promise<void> {
    // What the running turn of the event loop produces goes into one append.
    await Promise.resolve();
    while (this.#discards.length > 0 || this.#outcomes.length > 0) {
      const batch = this.#discards.splice(0, mostAtOnce);
      const outcomes = this.#outcomes.splice(0);
      const entries = [...this.#entriesOf(batch.map(({ discard }) => discard)), ...outcomes];
      if (!(await this.#append(entries))) return;
      for (const { discard, done } of batch) {
        this.#metrics.discarded(discard.code, discard.source, discard.count);
        done();
      }
    }
  }

  /** False when it was stopped before the log took them. */
  async #append(entries: readonly LogEntry[]): Promise<boolean> {
    for (;;) {
      try {
        await this.#log.append(entries);
        return true;
      } catch (error) {
        const isFull = error instanceof TributaryError && error.code === 'log_unavailable';
        if (!isFull) throw error;
        this.#logger.warn({ error: error.message }, 'results cannot be written; deliver waits');
      }
      if (this.#stopped.signal.aborted) return false;
      await this.#clock.sleep(retryMs, this.#stopped.signal);
    }
  }

  #entriesOf(discards: readonly Discard[]): LogEntry[] {
    const now = this.#clock.now();
    const monotonic = this.#clock.monotonic();
    const entries: LogEntry[] = [];
    const above = new Map<string, [Discard, ...Discard[]]>();
    for (const discard of discards) {
      if (this.#discardQuota.take(discard.source, monotonic)) {
        entries.push(discardEntry(discard, now, this.#partition));
        continue;
      }
      const key = `${discard.lane} ${discard.code}`;
      const list = above.get(key);
      if (list === undefined) above.set(key, [discard]);
      else list.push(discard);
    }
    for (const list of above.values()) entries.push(rangeEntry(list, now, this.#partition));
    return entries;
  }
}
