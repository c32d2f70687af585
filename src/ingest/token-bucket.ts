/**
 * Rate limit of one source: refilled at `rate` tokens a second, holding at most one second's worth,
 * a token a request. A rate of 0 lets everything pass.
 */
export class TokenBucket {
  #rate: number;
  #capacity: number;
  #tokens: number;
  #refilled: number;

  /** `now` and the moments given later are monotonic milliseconds. */
  constructor(rate: number, now: number) {
    this.#rate = rate;
    this.#capacity = Math.max(1, rate);
    this.#tokens = this.#capacity;
    this.#refilled = now;
  }

  get rate(): number {
    return this.#rate;
  }

  /** Takes one token; false when there is none. */
  take(now: number): boolean {
    if (this.#rate === 0) return true;
    this.#refill(now);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Whole requests that would pass right now. */
  get remaining(): number {
    return Math.floor(this.#tokens);
  }

  /** Whole seconds until a request passes: what Retry-After says, 1 to 300. */
  get waitSeconds(): number {
    const missing = Math.max(0, 1 - this.#tokens);
    return Math.min(300, Math.max(1, Math.ceil(missing / this.#rate)));
  }

  /** Changes the rate; the tokens at hand stay, up to the new capacity. */
  setRate(rate: number, now: number): void {
    if (rate === this.#rate) return;
    this.#refill(now);
    const wasOff = this.#rate === 0;
    this.#rate = rate;
    this.#capacity = Math.max(1, rate);
    this.#tokens = wasOff ? this.#capacity : Math.min(this.#tokens, this.#capacity);
  }

  #refill(now: number): void {
    const gained = ((now - this.#refilled) / 1000) * this.#rate;
    this.#refilled = now;
    this.#tokens = Math.min(this.#capacity, this.#tokens + gained);
  }
}
