import { TimeSpread } from '../../core/usage/time-spread.ts';

/** What was counted is looked at for so long at least. */
const windowMs = 60_000;

/**
 * What came of a lane's attempts of the last minute or two, for the metrics of its destination. The time moves on when
 * somebody looks: counting is cheap. Whoever looks rarely sees what came since the last look.
 */
export class RecentAttempts {
  #before = new Counted();
  #now = new Counted();
  #since = 0;

  delivered(latencyMs: number): void {
    this.#now.delivered += 1;
    this.#now.latency.add(latencyMs);
  }

  /** It will be repeated, or was given up. */
  failed(): void {
    this.#now.failed += 1;
  }

  /** Adds up in `sum`. `now`: monotonic milliseconds. */
  addTo(sum: Counted, now: number): void {
    if (now - this.#since >= windowMs) {
      this.#before = this.#now;
      this.#now = new Counted();
      this.#since = now;
    }
    for (const { delivered, failed, latency } of [this.#before, this.#now]) {
      sum.delivered += delivered;
      sum.failed += failed;
      sum.latency.merge(latency.toStored());
    }
  }
}

export class Counted {
  delivered = 0;
  failed = 0;
  /** From receivedAt to delivered. */
  readonly latency = new TimeSpread();
}
