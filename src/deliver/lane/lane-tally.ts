import type { DiscardCode } from '../../core/discard-codes.ts';
import type { DeliverMetrics } from '../deliver-metrics.ts';

/** What a lane has done since it started; counted in the metrics too. */
export class LaneTally {
  readonly #metrics: DeliverMetrics;
  readonly #destination: string;
  readonly #delivered;
  readonly #retried;
  counts = { delivered: 0, discarded: 0, filtered: 0 };

  constructor(destination: string, metrics: DeliverMetrics) {
    this.#destination = destination;
    this.#metrics = metrics;
    this.#delivered = metrics.delivered.labels({ destination });
    this.#retried = metrics.retried.labels({ destination });
  }

  /** A replay goes on where it stood. */
  begin({ delivered, discarded, filtered }: LaneTally['counts']): void {
    this.counts = { delivered, discarded, filtered };
  }

  /** `latencyMs`: from receivedAt. */
  delivered(latencyMs: number): void {
    this.counts.delivered += 1;
    this.#delivered.inc();
    this.#metrics.latency.observe(latencyMs / 1_000);
  }

  retried(): void {
    this.#retried.inc();
  }

  filtered(code: DiscardCode): void {
    this.counts.filtered += 1;
    this.#metrics.filtered.inc({ destination: this.#destination, code });
  }

  /** The metric of discards is counted where they are written. */
  discarded(count: number): void {
    this.counts.discarded += count;
  }
}
