/** Bits a key: at 7 about one absent key in 20 passes. */
const bitsPerKey = 7;
const wordsPerBlock = 8;

/**
 * Which keys a run may hold: a split-block Bloom filter (Putze, Sanders, Singler; the constants are
 * those of Apache Parquet). A block of 32 bytes is chosen by the upper half of the key and a bit of
 * each of its 8 words by the lower half, so a look-up meets one cache line, and a run in order fills
 * the filter from front to back. It never decides alone: what passes is looked for in the file.
 */
export class KeyFilter {
  readonly #words: Uint32Array;
  readonly #blocks: number;

  /** For at most `count` keys. */
  constructor(count: number) {
    this.#blocks = Math.max(1, Math.ceil((count * bitsPerKey) / (wordsPerBlock * 32)));
    this.#words = new Uint32Array(this.#blocks * wordsPerBlock);
  }

  get bytes(): number {
    return this.#words.byteLength;
  }

  add(hi: number, lo: number): void {
    const words = this.#words;
    const at = Math.floor((hi * this.#blocks) / 0x1_0000_0000) * wordsPerBlock;
    words[at] = (words[at] ?? 0) | (1 << (Math.imul(lo, 0x47b6137b) >>> 27));
    words[at + 1] = (words[at + 1] ?? 0) | (1 << (Math.imul(lo, 0x44974d91) >>> 27));
    words[at + 2] = (words[at + 2] ?? 0) | (1 << (Math.imul(lo, 0x8824ad5b) >>> 27));
    words[at + 3] = (words[at + 3] ?? 0) | (1 << (Math.imul(lo, 0xa2b7289d) >>> 27));
    words[at + 4] = (words[at + 4] ?? 0) | (1 << (Math.imul(lo, 0x705495c7) >>> 27));
    words[at + 5] = (words[at + 5] ?? 0) | (1 << (Math.imul(lo, 0x2df1424b) >>> 27));
    words[at + 6] = (words[at + 6] ?? 0) | (1 << (Math.imul(lo, 0x9efc4947) >>> 27));
    words[at + 7] = (words[at + 7] ?? 0) | (1 << (Math.imul(lo, 0x5c6bfb31) >>> 27));
  }

  mayHave(hi: number, lo: number): boolean {
    const words = this.#words;
    const at = Math.floor((hi * this.#blocks) / 0x1_0000_0000) * wordsPerBlock;
    return (
      ((words[at] ?? 0) & (1 << (Math.imul(lo, 0x47b6137b) >>> 27))) !== 0 &&
      ((words[at + 1] ?? 0) & (1 << (Math.imul(lo, 0x44974d91) >>> 27))) !== 0 &&
      ((words[at + 2] ?? 0) & (1 << (Math.imul(lo, 0x8824ad5b) >>> 27))) !== 0 &&
      ((words[at + 3] ?? 0) & (1 << (Math.imul(lo, 0xa2b7289d) >>> 27))) !== 0 &&
      ((words[at + 4] ?? 0) & (1 << (Math.imul(lo, 0x705495c7) >>> 27))) !== 0 &&
      ((words[at + 5] ?? 0) & (1 << (Math.imul(lo, 0x2df1424b) >>> 27))) !== 0 &&
      ((words[at + 6] ?? 0) & (1 << (Math.imul(lo, 0x9efc4947) >>> 27))) !== 0 &&
      ((words[at + 7] ?? 0) & (1 << (Math.imul(lo, 0x5c6bfb31) >>> 27))) !== 0
    );
  }
}
