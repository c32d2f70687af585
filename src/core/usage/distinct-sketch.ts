/** 2^14 registers: a standard error of 1.04/√16384 = 0.8 %. */
const indexBits = 14;
const registers = 1 << indexBits;
/** Bits of the hash behind the index. */
const tailBits = 64 - indexBits;
/** Up to so many registers are kept one by one. */
const sparseMost = 1_024;
const registerBits = 6;

/**
 * How many different texts were added, in at most 16 KB: a HyperLogLog with 64-bit hashes and Ertl's
 * estimator ("New cardinality estimation algorithms for HyperLogLog sketches", 2017). Adding is idempotent,
 * merging exact: the sketch of a union is the union of the sketches. A few hundred texts are counted almost
 * exactly; many with a standard error of 0.8 %.
 *
 * Stored as base64 behind one letter: `s`, the registers that are not 0, three bytes each (index × 64 +
 * value); `d`, all registers of 6 bits in a row.
 */
export class DistinctSketch {
  #sparse: Map<number, number> | undefined = new Map();
  #dense: Uint8Array | undefined;

  static parse(text: string): DistinctSketch {
    const sketch = new DistinctSketch();
    const bytes = Buffer.from(text.slice(1), 'base64');
    if (text.startsWith('s')) {
      for (let at = 0; at + 2 < bytes.length; at += 3) {
        const entry = bytes.readUIntBE(at, 3);
        sketch.#raise(entry >>> registerBits, entry & 63);
      }
    } else if (text.startsWith('d')) {
      for (let index = 0; index < registers; index++) {
        const bit = index * registerBits;
        const pair = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0);
        sketch.#raise(index, (pair >>> (16 - registerBits - (bit & 7))) & 63);
      }
    }
    return sketch;
  }

  /** What `addMark` takes: made once for all sketches that a text goes into. */
  static markOf(text: string): number {
    let high = 0x9747b28c;
    let low = 0x3c6ef372;
    // Two characters at a time; behind the last of an odd number comes 0, told apart by the length.
    for (let at = 0; at < text.length; at += 2) {
      const unit = text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16);
      high = Math.imul(high ^ unit, 0x01000193);
      high = (high << 13) | (high >>> 19);
      low = Math.imul(low ^ unit, 0x5bd1e995);
      low = (low << 15) | (low >>> 17);
    }
    high = mixed(high ^ text.length);
    low = mixed(low ^ high);
    high = mixed(high + low);
    const head = high & ((1 << (32 - indexBits)) - 1);
    const zeros = head === 0 ? 32 - indexBits + Math.clz32(low) : Math.clz32(head) - indexBits;
    return ((high >>> (32 - indexBits)) << registerBits) | (zeros + 1);
  }

  /** True when that changed anything. */
  add(text: string): boolean {
    return this.addMark(DistinctSketch.markOf(text));
  }

  addMark(mark: number): boolean {
    return this.#raise(mark >>> registerBits, mark & 63);
  }

  merge(other: DistinctSketch): void {
    for (const [index, value] of other.#entries()) this.#raise(index, value);
  }

  /** About how many different texts were added. */
  get estimate(): number {
    const histogram = new Float64Array(tailBits + 2);
    let used = 0;
    for (const [, value] of this.#entries()) {
      histogram[value] = (histogram[value] ?? 0) + 1;
      used += 1;
    }
    let sum = registers * tau(1 - (histogram[tailBits + 1] ?? 0) / registers);
    for (let value = tailBits; value > 0; value--) sum = (sum + (histogram[value] ?? 0)) / 2;
    sum += registers * sigma((registers - used) / registers);
    return Math.round((registers * registers) / (2 * Math.LN2 * sum));
  }

  toString(): string {
    if (this.#sparse !== undefined) {
      const bytes = Buffer.alloc(this.#sparse.size * 3);
      let at = 0;
      for (const [index, value] of this.#sparse) {
        at = bytes.writeUIntBE((index << registerBits) | value, at, 3);
      }
      return `s${bytes.toString('base64')}`;
    }
    const bytes = Buffer.alloc((registers * registerBits) / 8 + 1);
    for (const [index, value] of this.#entries()) {
      const bit = index * registerBits;
      const pair = value << (16 - registerBits - (bit & 7));
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (pair >>> 8);
      bytes[(bit >> 3) + 1] = (bytes[(bit >> 3) + 1] ?? 0) | (pair & 255);
    }
    return `d${bytes.subarray(0, -1).toString('base64')}`;
  }

  #raise(index: number, value: number): boolean {
    const dense = this.#dense;
    if (dense !== undefined) {
      if (value <= (dense[index] ?? 0)) return false;
      dense[index] = value;
      return true;
    }
    const sparse = this.#sparse;
    if (sparse === undefined || value <= (sparse.get(index) ?? 0)) return false;
    sparse.set(index, value);
    if (sparse.size > sparseMost) {
      this.#dense = new Uint8Array(registers);
      for (const [at, held] of sparse) this.#dense[at] = held;
      this.#sparse = undefined;
    }
    return true;
  }

  *#entries(): Iterable<readonly [index: number, value: number]> {
    if (this.#sparse !== undefined) yield* this.#sparse;
    for (const [index, value] of this.#dense?.entries() ?? []) if (value > 0) yield [index, value];
  }
}

/** Every bit of the word depends on every other. */
function mixed(word: number): number {
  let hash = word;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** What registers that are still 0 add: x + Σ x^(2^k)·2^(k-1). */
function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY;
  let power = share;
  let weight = 1;
  let sum = share;
  for (let before = -1; sum !== before; weight *= 2) {
    before = sum;
    power *= power;
    sum += power * weight;
  }
  return sum;
}

/** What registers at their highest value add: (1 - x - Σ (1 - x^(2^-k))²·2^-k) / 3. */
function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let root = share;
  let weight = 1;
  let sum = 1 - share;
  for (let before = -1; sum !== before; ) {
    before = sum;
    root = Math.sqrt(root);
    weight /= 2;
    sum -= (1 - root) ** 2 * weight;
  }
  return sum / 3;
}
