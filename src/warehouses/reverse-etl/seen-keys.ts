import { createHash } from 'node:crypto';

/**
 * The keys of a sync, by 64 bits of a hash of each: 16 bytes of memory a key and, with 5 million keys, a chance of one
 * in a million that two of them are taken for one.
 */
export class SeenKeys {
  /** Pairs of 32 bits; 0, 0 is a free place. */
  #table = new Uint32Array(2 * 1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** False: it was there. */
  add(key: string): boolean {
    if (this.#size * 2 * 2 > this.#table.length) this.#grow();
    const [hi, lo] = halves(key);
    const at = this.#find(hi, lo);
    if (this.#table[at] !== 0 || this.#table[at + 1] !== 0) return false;
    this.#table[at] = hi;
    this.#table[at + 1] = lo;
    this.#size += 1;
    return true;
  }

  has(key: string): boolean {
    const [hi, lo] = halves(key);
    const at = this.#find(hi, lo);
    return this.#table[at] !== 0 || this.#table[at + 1] !== 0;
  }

  /** The place of a key, or the free one that it would get. */
  #find(hi: number, lo: number): number {
    const table = this.#table;
    let at = (lo * 2) & (table.length - 1);
    while (
      !(table[at] === hi && table[at + 1] === lo) &&
      !(table[at] === 0 && table[at + 1] === 0)
    ) {
      at = (at + 2) & (table.length - 1);
    }
    return at;
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 2) {
      const [hi = 0, lo = 0] = [old[at], old[at + 1]];
      if (hi === 0 && lo === 0) continue;
      const place = this.#find(hi, lo);
      this.#table[place] = hi;
      this.#table[place + 1] = lo;
    }
  }
}

function halves(key: string): readonly [number, number] {
  const sum = createHash('sha1').update(key).digest();
  // A hash of nothing but zeros would be a free place.
  return [sum.readUInt32LE(0), sum.readUInt32LE(4) || 1];
}
