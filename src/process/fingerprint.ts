import assert from 'node:assert/strict';
import { sipHash } from './siphash.ts';

/**
 * 64-bit keyed fingerprints of (source, messageId). Each source has a SipHash key of its own, derived
 * from the secret, so an id is hashed alone and the same id in two sources has unrelated
 * fingerprints. Text is hashed losslessly: ASCII as its bytes, everything else as UTF-16 and a byte
 * 0xff, which no ASCII text contains. Not reentrant: one owner.
 */
export class Fingerprints {
  readonly #secret: Uint32Array;
  readonly #keys = new Map<string, Uint32Array>();
  #words = new Uint32Array(64);
  #lastSource: string | undefined;
  #lastKey: Uint32Array;

  /** `secret` is 16 random bytes, made at the first start and kept with the data: all keys on disk depend on it. */
  constructor(secret: Uint8Array) {
    assert(secret.length === 16, 'the dedupe secret is 16 bytes');
    const view = new DataView(secret.buffer, secret.byteOffset, secret.byteLength);
    this.#secret = Uint32Array.from({ length: 4 }, (_, word) => view.getUint32(word * 4, true));
    this.#lastKey = this.#secret;
  }

  /** Writes the fingerprint to `out[at]` (high half) and `out[at + 1]` (low half). */
  write(source: string, messageId: string, out: Uint32Array, at: number): void {
    if (source !== this.#lastSource) {
      this.#lastKey = this.#keyOf(source);
      this.#lastSource = source;
    }
    this.#hash(this.#lastKey, messageId, out, at);
    // The key 0 marks an empty slot in the tables.
    if (out[at] === 0 && out[at + 1] === 0) out[at + 1] = 1;
  }

  #keyOf(source: string): Uint32Array {
    const known = this.#keys.get(source);
    if (known !== undefined) return known;
    const key = new Uint32Array(4);
    this.#hash(this.#secret, `${source}\u00000`, key, 0);
    this.#hash(this.#secret, `${source}\u00001`, key, 2);
    this.#keys.set(source, key);
    return key;
  }

  #hash(key: Uint32Array, text: string, out: Uint32Array, at: number): void {
    // Loading may replace the words.
    const length = this.#load(text);
    sipHash(key, this.#words, length, out, at);
  }

  /** Puts the text's bytes into the words; returns how many. */
  #load(text: string): number {
    const { length } = text;
    if (length * 2 + 16 > this.#words.length * 4) this.#words = new Uint32Array(length);
    const words = this.#words;
    let seen = 0;
    let at = 0;
    for (; at + 3 < length; at += 4) {
      const a = text.charCodeAt(at);
      const b = text.charCodeAt(at + 1);
      const c = text.charCodeAt(at + 2);
      const d = text.charCodeAt(at + 3);
      seen |= a | b | c | d;
      words[at >>> 2] = a | (b << 8) | (c << 16) | (d << 24);
    }
    let rest = 0;
    for (let shift = 0; at + (shift >>> 3) < length; shift += 8) {
      const code = text.charCodeAt(at + (shift >>> 3));
      seen |= code;
      rest |= code << shift;
    }
    words[at >>> 2] = rest;
    if (seen < 0x80) return length;
    const bytes = Buffer.from(words.buffer);
    const written = bytes.write(text, 0, 'utf16le');
    bytes[written] = 0xff;
    return written + 1;
  }
}
