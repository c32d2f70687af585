const minuteMs = 60_000;
/** Keys remembered; beyond, the minute is forgotten early. */
const most = 10_000;

/** At most `perMinute` a key and minute. Times are monotonic milliseconds. */
export class MinuteQuota {
  readonly #perMinute: number;
  readonly #used = new Map<string, number>();
  #minute = -1;

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** True while there is room; takes one then. */
  take(key: string, now: number): boolean {
    const minute = Math.floor(now / minuteMs);
    if (minute !== this.#minute || this.#used.size > most) {
      this.#minute = minute;
      this.#used.clear();
    }
    const used = this.#used.get(key) ?? 0;
    if (used >= this.#perMinute) return false;
    this.#used.set(key, used + 1);
    return true;
  }
}
