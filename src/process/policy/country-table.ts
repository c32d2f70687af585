import { addressBytes } from '../../core/address-bytes.ts';
import { TributaryError } from '../../core/errors.ts';

/**
 * Which country an address belongs to, from a table of ranges in one buffer, searched by halves.
 *
 * Format, all numbers big-endian: the 8 bytes `TRBGEO01`; the count of IPv4 and of IPv6 ranges, 4 bytes
 * each; the starts of the IPv4 ranges, 4 bytes each, rising; their countries, 2 bytes each; the starts of
 * the IPv6 ranges, their upper 64 bits, rising; their countries. A range goes up to the start of the next.
 * A country is its two letters of ISO 3166-1, or two zero bytes where there is none. The lower 64 bits
 * of IPv6 address a machine within a network, and are not looked at. A file is never changed in place:
 * a new one is put under a new name, or renamed over it.
 */
export class CountryTable {
  readonly #bytes: Buffer;
  readonly #count4: number;
  readonly #count6: number;

  /** Throws `config_invalid` when the bytes are no such table. */
  constructor(bytes: Buffer) {
    const isTable =
      bytes.length >= headBytes && bytes.toString('latin1', 0, 8) === countryTableMark;
    this.#count4 = isTable ? bytes.readUInt32BE(8) : 0;
    this.#count6 = isTable ? bytes.readUInt32BE(12) : 0;
    if (!isTable || bytes.length !== headBytes + 6 * this.#count4 + 10 * this.#count6) {
      throw new TributaryError('config_invalid', 'The file is not a country table');
    }
    this.#bytes = bytes;
  }

  /** The two letters of the country; undefined for what is no address, is private, or stands nowhere. */
  country(address: string): string | undefined {
    const bytes = addressBytes(address);
    if (bytes === undefined) return undefined;
    const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (key.length === 4) return this.#ipv4(key);
    return key.subarray(0, 12).equals(mapped) ? this.#ipv4(key.subarray(12)) : this.#ipv6(key);
  }

  #ipv4(key: Buffer): string | undefined {
    return this.#search(key, 4, headBytes, this.#count4);
  }

  #ipv6(key: Buffer): string | undefined {
    return this.#search(key.subarray(0, 8), 8, headBytes + 6 * this.#count4, this.#count6);
  }

  /** The country of the last of the ranges from `at` on that starts at or before the key. */
  #search(key: Buffer, width: 4 | 8, at: number, count: number): string | undefined {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const start = at + middle * width;
      if (this.#bytes.compare(key, 0, width, start, start + width) <= 0) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return undefined;
    const name = at + count * width + (low - 1) * 2;
    return this.#bytes[name] === 0 ? undefined : this.#bytes.toString('latin1', name, name + 2);
  }
}

export const countryTableMark = 'TRBGEO01';
/** Mark and both counts. */
const headBytes = 16;
/** What IPv4 addresses begin with in IPv6 clothes. */
const mapped = Buffer.from('00000000000000000000ffff', 'hex');
