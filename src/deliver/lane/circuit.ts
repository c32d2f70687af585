import { limits } from '../../core/limits.ts';

/** Buckets of the sliding window. */
const buckets = 60;

/**
 * A lane's circuit (architecture, "Delivery"). It opens when over half of at least
 * `limits.circuitAttempts` attempts within `limits.circuitWindowMs` failed retryably. While it is
 * open one event at a time is the probe, further and further apart; the first answer that is no
 * retryable failure closes it. Times are monotonic milliseconds.
 */
export class Circuit {
  readonly #times: number[] = new Array<number>(buckets).fill(-1);
  readonly #attempts: number[] = new Array<number>(buckets).fill(0);
  readonly #failures: number[] = new Array<number>(buckets).fill(0);
  #openedAt: number | undefined;
  #openBefore: number;
  #probeDelay = 0;
  #probeAt = 0;

  /** `openMs`: what `openMs` said before a restart. */
  constructor(openMs: number) {
    this.#openBefore = openMs;
  }

  get isOpen(): boolean {
    return this.#openedAt !== undefined;
  }

  /** When the next probe is due, while open. */
  get probeAt(): number {
    return this.#probeAt;
  }

  /** How long it has been open in all, milliseconds. */
  openMs(now: number): number {
    return this.#openBefore + (this.#openedAt === undefined ? 0 : now - this.#openedAt);
  }

  /** An attempt ended. Returns true when that closed the circuit. */
  record(failed: boolean, now: number, retryAfterMs = 0): boolean {
    if (this.#openedAt !== undefined) {
      if (!failed) {
        this.#openBefore = this.openMs(now);
        this.#openedAt = undefined;
        this.#attempts.fill(0);
        this.#failures.fill(0);
        return true;
      }
      this.#probeAt = Math.max(this.#probeAt, now + retryAfterMs);
      return false;
    }
    this.#count(failed, now);
    if (failed && this.#isFailing(now)) {
      this.#openedAt = now;
      this.#probeDelay = limits.circuitProbeFirstMs;
      this.#probeAt = now + Math.max(this.#probeDelay, retryAfterMs);
    }
    return false;
  }

  /** Something changed that may help: the probe need not wait. */
  probeSoon(now: number): void {
    this.#probeAt = now;
  }

  /** The probe goes out: sets when the one after it may. */
  probed(now: number): void {
    this.#probeDelay = Math.min(this.#probeDelay * 2, limits.circuitProbeMostMs);
    this.#probeAt = now + this.#probeDelay;
  }

  #count(failed: boolean, now: number): void {
    const time = Math.floor((now * buckets) / limits.circuitWindowMs);
    const at = time % buckets;
    if (this.#times[at] !== time) {
      this.#times[at] = time;
      this.#attempts[at] = 0;
      this.#failures[at] = 0;
    }
    this.#attempts[at] = (this.#attempts[at] ?? 0) + 1;
    if (failed) this.#failures[at] = (this.#failures[at] ?? 0) + 1;
  }

  #isFailing(now: number): boolean {
    const oldest = Math.floor((now * buckets) / limits.circuitWindowMs) - buckets;
    let attempts = 0;
    let failures = 0;
    for (const [at, time] of this.#times.entries()) {
      if (time <= oldest) continue;
      attempts += this.#attempts[at] ?? 0;
      failures += this.#failures[at] ?? 0;
    }
    return attempts >= limits.circuitAttempts && failures * 2 > attempts;
  }
}
