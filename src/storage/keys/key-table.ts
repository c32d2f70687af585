import assert from 'node:assert/strict';

/** Slots behind the last home slot, for the cluster that ends there: there is no wrap-around. */
const slack = 4_096;

/**
 * The newest keys: open addressing over typed arrays, 8 bytes a slot. The home slot is the upper
 * bits of the key and every cluster is kept sorted, so the whole table stands in order and is written
 * out as a sorted run by one pass. The key 0 marks an empty slot. Keys must be uniform.
 */
export class KeyTable {
  readonly #words: Uint32Array;
  readonly #shift: number;
  #size = 0;

  /** 2^bits home slots. */
  constructor(bits: number) {
    assert(bits >= 4 && bits <= 26, 'a table has 2^4 to 2^26 slots');
    this.#words = new Uint32Array((2 ** bits + slack) * 2);
    this.#shift = 32 - bits;
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#words.byteLength;
  }

  has(hi: number, lo: number): boolean {
    const at = this.#find(hi, lo);
    return this.#words[at] === hi && this.#words[at + 1] === lo;
  }

  /** Adds a key that the table does not have. */
  insert(hi: number, lo: number): void {
    const words = this.#words;
    const at = this.#find(hi, lo);
    let end = at;
    while (((words[end] ?? 0) | (words[end + 1] ?? 0)) !== 0) end += 2;
    assert(end < words.length, 'a cluster never outgrows the slack: keys are uniform');
    for (let to = end; to > at; to -= 2) {
      words[to] = words[to - 2] ?? 0;
      words[to + 1] = words[to - 1] ?? 0;
    }
    words[at] = hi;
    words[at + 1] = lo;
    this.#size++;
  }

  /** Copies keys in order, from slot `from`, into `out`. Returns where to go on and how many words were written. */
  copy(from: number, out: Uint32Array): { readonly next: number; readonly words: number } {
    const words = this.#words;
    let to = 0;
    let at = from;
    for (; at < words.length && to < out.length; at += 2) {
      const hi = words[at] ?? 0;
      const lo = words[at + 1] ?? 0;
      if ((hi | lo) === 0) continue;
      out[to] = hi;
      out[to + 1] = lo;
      to += 2;
    }
    return { next: at, words: to };
  }

  clear(): void {
    this.#words.fill(0);
    this.#size = 0;
  }

  /** Where the key stands, or would stand: the first slot from its home that is empty or not below it. */
  #find(hi: number, lo: number): number {
    const words = this.#words;
    let at = (hi >>> this.#shift) * 2;
    for (;;) {
      const high = words[at] ?? 0;
      const low = words[at + 1] ?? 0;
      if ((high | low) === 0 || high > hi || (high === hi && low >= lo)) return at;
      at += 2;
    }
  }
}
