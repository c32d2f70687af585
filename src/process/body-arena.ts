const chunkBytes = 1_024 * 1_024;
/** Chunks kept for the next batch. */
const keptChunks = 8;

/**
 * The bytes of one batch's events, in chunks that are used again: a buffer for each event would be
 * most of the garbage that process makes. What was written is valid until `clear`.
 */
export class BodyArena {
  #chunks: Buffer[] = [Buffer.allocUnsafeSlow(chunkBytes)];
  #chunk = 0;
  #at = 0;

  /** The text as UTF-8. */
  write(text: string): Buffer {
    const chunk = this.#room(text.length * 3);
    const end = this.#at + chunk.write(text, this.#at);
    const body = chunk.subarray(this.#at, end);
    this.#at = end;
    return body;
  }

  clear(): void {
    this.#chunks = this.#chunks.slice(0, keptChunks).filter(({ length }) => length === chunkBytes);
    if (this.#chunks.length === 0) this.#chunks = [Buffer.allocUnsafeSlow(chunkBytes)];
    this.#chunk = 0;
    this.#at = 0;
  }

  /** A chunk with this much room behind `#at`. */
  #room(bytes: number): Buffer {
    for (; this.#chunk < this.#chunks.length; this.#chunk++, this.#at = 0) {
      const chunk = this.#chunks[this.#chunk];
      if (chunk !== undefined && chunk.length - this.#at >= bytes) return chunk;
    }
    const added = Buffer.allocUnsafeSlow(Math.max(chunkBytes, bytes));
    this.#chunks.push(added);
    return added;
  }
}
