import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { KeyFilter } from './key-filter.ts';
import { blockKeys, Run } from './run.ts';
import { encodeFooter, encodeTrailer, type RunFooter } from './run-format.ts';

/** Writes one run: keys in ascending order, piece by piece, filter and block index on the way. */
export class RunWriter {
  readonly #path: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  readonly #filter: KeyFilter;
  readonly #fences: Uint32Array;
  #count = 0;
  #crc = 0;

  private constructor(path: string, handle: FileHandle, most: number) {
    this.#path = path;
    this.#temporary = temporaryOf(path);
    this.#handle = handle;
    this.#filter = new KeyFilter(most);
    this.#fences = new Uint32Array(Math.ceil(most / blockKeys));
  }

  /** For at most `most` keys. */
  static async create(path: string, most: number): Promise<RunWriter> {
    return new RunWriter(path, await open(temporaryOf(path), 'w+'), most);
  }

  /** Adds keys, two words each. The caller may reuse the array afterwards. */
  async push(words: Uint32Array): Promise<void> {
    for (let at = 0; at < words.length; at += 2) {
      const hi = words[at] ?? 0;
      if (this.#count % blockKeys === 0) this.#fences[this.#count / blockKeys] = hi;
      this.#filter.add(hi, words[at + 1] ?? 0);
      this.#count++;
    }
    await this.#write(Buffer.from(words.buffer, words.byteOffset, words.byteLength));
  }

  /** Completes the file and puts it in its place; durable when it resolves. */
  async finish(facts: Omit<RunFooter, 'count'>): Promise<Run> {
    const footer: RunFooter = { ...facts, count: this.#count };
    const text = encodeFooter(footer);
    await this.#write(text);
    await this.#write(encodeTrailer(text.length, this.#crc));
    await this.#handle.sync();
    await rename(this.#temporary, this.#path);
    await syncFolder(dirname(this.#path));
    const fences = this.#fences.slice(0, Math.ceil(this.#count / blockKeys));
    return new Run({
      path: this.#path,
      handle: this.#handle,
      footer,
      filter: this.#filter,
      fences,
    });
  }

  /** Gives up: nothing remains. */
  async abandon(): Promise<void> {
    await this.#handle.close();
    await rm(this.#temporary, { force: true });
  }

  async #write(bytes: Buffer): Promise<void> {
    this.#crc = crc32(bytes, this.#crc);
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, at);
      at += bytesWritten;
    }
  }
}

/** The name under which a run is written until it is whole. */
function temporaryOf(path: string): string {
  return `${path}.tmp`;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
