import { readSync } from 'node:fs';
import { type FileHandle, rm } from 'node:fs/promises';
import type { KeyFilter } from './key-filter.ts';
import { keyBytes, type RunFooter } from './run-format.ts';

/** Keys of a block: 4 KB, what one look-up reads. */
export const blockKeys = 512;

const block = Buffer.alloc(blockKeys * keyBytes);
const blockWords = new Uint32Array(block.buffer, block.byteOffset, block.length / 4);

interface RunParts {
  readonly path: string;
  readonly handle: FileHandle;
  readonly footer: RunFooter;
  readonly filter: KeyFilter;
  /** Upper half of the first key of each block. */
  readonly fences: Uint32Array;
}

/** One sorted file of keys, open for look-ups: filter and block index in memory, keys on disk. */
export class Run {
  readonly path: string;
  readonly handle: FileHandle;
  readonly footer: RunFooter;
  readonly #filter: KeyFilter;
  readonly #fences: Uint32Array;
  readonly #fd: number;

  constructor(parts: RunParts) {
    this.path = parts.path;
    this.handle = parts.handle;
    this.footer = parts.footer;
    this.#filter = parts.filter;
    this.#fences = parts.fences;
    this.#fd = parts.handle.fd;
  }

  get bytes(): number {
    return this.#filter.bytes + this.#fences.byteLength;
  }

  /** Reads one block, rarely two, when the filter lets the key pass; else nothing. */
  has(hi: number, lo: number): boolean {
    return this.#filter.mayHave(hi, lo) && this.#search(hi, lo);
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  /** Closes and deletes the file. */
  async remove(): Promise<void> {
    await this.handle.close();
    await rm(this.path, { force: true });
  }

  #search(hi: number, lo: number): boolean {
    let at = lastNotAbove(this.#fences, hi);
    // Keys with the same upper half may have begun in the block before.
    while (at >= 0) {
      const found = this.#searchBlock(at, hi, lo);
      if (found !== 'before') return found === 'here';
      at--;
    }
    return false;
  }

  #searchBlock(at: number, hi: number, lo: number): 'here' | 'absent' | 'before' {
    const keys = Math.min(blockKeys, this.footer.count - at * blockKeys);
    // oxlint-disable-next-line no-sync -- a look-up must not give way between look and insert
    readSync(this.#fd, block, 0, keys * keyBytes, at * blockKeys * keyBytes);
    let from = 0;
    let to = keys;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const high = blockWords[middle * 2] ?? 0;
      const low = blockWords[middle * 2 + 1] ?? 0;
      if (high < hi || (high === hi && low < lo)) from = middle + 1;
      else to = middle;
    }
    if (from < keys && blockWords[from * 2] === hi && blockWords[from * 2 + 1] === lo)
      return 'here';
    return from === 0 ? 'before' : 'absent';
  }
}

/** Index of the last fence that is not above `hi`; −1 when all are. */
function lastNotAbove(fences: Uint32Array, hi: number): number {
  let from = 0;
  let to = fences.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((fences[middle] ?? 0) <= hi) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}
