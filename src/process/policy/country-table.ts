import { Reader, type Response } from 'mmdb-lib';
import { addressBytes } from '../../core/address-bytes.ts';
import { TributaryError } from '../../core/errors.ts';
import { isJsonObject } from '../../core/json.ts';

/**
 * Which country an address belongs to, from a table in the MMDB format, as MaxMind, DB-IP, IPinfo and the
 * lists of iptoasn.com come. The file is never changed in place: a new one is renamed over it.
 */
export class CountryTable {
  readonly #reader: Reader<Response>;

  /** Throws `config_invalid` when the bytes are no such table. */
  constructor(bytes: Buffer) {
    try {
      this.#reader = new Reader(bytes);
    } catch (cause) {
      throw new TributaryError('config_invalid', 'The file is not a table in the MMDB format', {
        cause,
      });
    }
  }

  /** The two letters of ISO 3166-1; undefined for what is no address, is private, or stands nowhere. */
  country(address: string): string | undefined {
    const bytes = addressBytes(address);
    if (bytes === undefined) return undefined;
    const plain = isMapped(bytes) ? bytes.subarray(12) : bytes;
    // A table of IPv4 alone would be walked with the first bits of an IPv6 address.
    if (plain.length === 16 && this.#reader.metadata.ipVersion === 4) return undefined;
    return countryOf(this.#reader.get(plain.length === 4 ? plain.join('.') : address));
  }
}

/** What IPv4 addresses look like in IPv6 clothes: `::ffff:192.0.2.1`. */
function isMapped(bytes: Uint8Array): boolean {
  return bytes.length === 16 && Buffer.from(bytes.subarray(0, 12)).equals(mapped);
}

const mapped = Buffer.from('00000000000000000000ffff', 'hex');

/** Tables say it as `country.iso_code` (MaxMind, DB-IP), `country_code` (iptoasn) or `country` (IPinfo). */
function countryOf(record: unknown): string | undefined {
  if (!isJsonObject(record)) return undefined;
  const { country, country_code: code } = record;
  const name = code ?? (isJsonObject(country) ? country['iso_code'] : country);
  // ZZ is a network of nobody.
  return typeof name === 'string' && /^[A-Z]{2}$/.test(name) && name !== 'ZZ' ? name : undefined;
}
