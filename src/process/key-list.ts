/** Dedupe keys with their receivedAt, in growing typed arrays: no object per key. */
export class KeyList {
  #words: Uint32Array;
  #times: Float64Array;
  #length = 0;

  constructor(capacity = 1_024) {
    this.#words = new Uint32Array(capacity * 2);
    this.#times = new Float64Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  push(hi: number, lo: number, receivedAt: number): void {
    const at = this.#length++;
    if (at === this.#times.length) this.#grow();
    this.#words[at * 2] = hi;
    this.#words[at * 2 + 1] = lo;
    this.#times[at] = receivedAt;
  }

  hi(at: number): number {
    return this.#words[at * 2] ?? 0;
  }

  lo(at: number): number {
    return this.#words[at * 2 + 1] ?? 0;
  }

  receivedAt(at: number): number {
    return this.#times[at] ?? 0;
  }

  clear(): void {
    this.#length = 0;
  }

  #grow(): void {
    const words = new Uint32Array(this.#words.length * 2);
    words.set(this.#words);
    const times = new Float64Array(this.#times.length * 2);
    times.set(this.#times);
    this.#words = words;
    this.#times = times;
  }
}
