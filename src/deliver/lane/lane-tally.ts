import type { DiscardCode } from '../../core/discard-codes.ts';
import type { DestinationUsage } from '../../core/usage/usage.ts';
import type { DeliverMetrics } from '../deliver-metrics.ts';
import type { StoredEvent } from '../events/stored-event.ts';
import { RecentAttempts } from './recent-attempts.ts';

/** What a lane has done since it started; counted in the metrics too, and where users see it, unless it is a replay's. */
export class LaneTally {
  readonly #metrics: DeliverMetrics;
  readonly #destination: string;
  readonly #delivered;
  readonly #retried;
  readonly #usage: DestinationUsage | undefined;
  readonly recent = new RecentAttempts();
  counts = { delivered: 0, discarded: 0, filtered: 0 };

  /** `usage`: absent for a replay. */
  constructor(destination: string, metrics: DeliverMetrics, usage?: DestinationUsage) {
    this.#usage = usage;
    this.#destination = destination;
    this.#metrics = metrics;
    this.#delivered = metrics.delivered.labels({ destination });
    this.#retried = metrics.retried.labels({ destination });
  }

  /** A replay goes on where it stood. */
  begin({ delivered, discarded, filtered }: LaneTally['counts']): void {
    this.counts = { delivered, discarded, filtered };
  }

  /** The first attempt begins, so long after receivedAt. */
  attempted(latencyMs: number): void {
    this.#usage?.attempted(latencyMs);
  }

  /** `latencyMs`: from receivedAt. */
  delivered(event: StoredEvent, attempts: number, latencyMs: number): void {
    this.counts.delivered += 1;
    this.#usage?.delivered(event, attempts, latencyMs);
    this.#delivered.inc();
    this.recent.delivered(latencyMs);
    this.#metrics.latency.observe(latencyMs / 1_000);
  }

  retried(event: StoredEvent): void {
    this.#retried.inc();
    this.recent.failed();
    this.#usage?.retried(event);
  }

  filtered(event: StoredEvent | undefined, code: DiscardCode): void {
    this.counts.filtered += 1;
    this.#usage?.filtered(event, code);
    this.#metrics.filtered.inc({ destination: this.#destination, code });
  }

  /** The metric of discards is counted where they are written. `event`: undefined for what can no longer be read, and for a range. */
  discarded(
    event: StoredEvent | undefined,
    code: DiscardCode,
    count: number,
    attempts: number,
  ): void {
    this.counts.discarded += count;
    if (attempts > 0) this.recent.failed();
    this.#usage?.failed(event, code, count, attempts);
  }
}
