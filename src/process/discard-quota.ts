import type { Clock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';

const minuteMs = 60_000;

/**
 * How many bytes of discards a source may still write with their payload in the running minute
 * (`limits.discardPayloadBytesPerMinute`), so that a broken client cannot fill the disk.
 */
export class DiscardQuota {
  readonly #clock: Clock;
  readonly #used = new Map<string, number>();
  #minute = Number.NaN;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes the bytes when they fit; false otherwise. */
  take(source: string, bytes: number): boolean {
    const minute = Math.floor(this.#clock.monotonic() / minuteMs);
    if (minute !== this.#minute) {
      this.#used.clear();
      this.#minute = minute;
    }
    const used = (this.#used.get(source) ?? 0) + bytes;
    if (used > limits.discardPayloadBytesPerMinute) return false;
    this.#used.set(source, used);
    return true;
  }
}
