import type { Clock } from '../../../core/clock.ts';
import type { Lease } from '../../../core/lease.ts';

/** A lease that runs out unless it is renewed. */
export class RenewedLease implements Lease {
  readonly name: string;
  readonly epoch: number;
  readonly #clock: Clock;
  readonly #giveBack: (lease: RenewedLease) => Promise<void>;
  readonly #lost = new AbortController();
  #until: number;

  constructor(
    row: { readonly name: string; readonly epoch: number },
    until: number,
    clock: Clock,
    giveBack: (lease: RenewedLease) => Promise<void>,
  ) {
    this.name = row.name;
    this.epoch = row.epoch;
    this.#until = until;
    this.#clock = clock;
    this.#giveBack = giveBack;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  holds(): boolean {
    return !this.lost.aborted && this.#clock.monotonic() < this.#until;
  }

  /** On the monotonic clock. */
  extend(until: number): void {
    this.#until = Math.max(this.#until, until);
  }

  lose(): void {
    this.#lost.abort();
  }

  async release(): Promise<void> {
    if (this.lost.aborted) return;
    this.lose();
    await this.#giveBack(this);
  }
}
