import { addressBytes } from '../../core/address-bytes.ts';
import { TributaryError } from '../../core/errors.ts';
import { countryTableMark } from './country-table.ts';

interface Range {
  readonly from: bigint;
  /** The last one that belongs to it. */
  readonly to: bigint;
  /** '' where there is none. */
  readonly country: string;
}

type Start = Pick<Range, 'from' | 'country'>;

/** An address and its family. */
interface Place {
  readonly family: 4 | 6;
  readonly value: bigint;
}

const family6 = 1n << 32n;
const lower64 = 64n;

/**
 * Makes the table of `CountryTable` from lines `first,last,country` or `first,last,number,country`, separated by commas or tabs, perhaps
 * quoted, further fields ignored: as the public tables of ranges come. An address is written as usual or
 * as a decimal number. Lines whose country is not two letters (`None`, `-`) or is `ZZ` stand for nothing.
 * Throws `validation_error` naming the first line that cannot be read.
 */
export function makeCountryTable(lines: Iterable<string>): Buffer {
  const ipv4: Range[] = [];
  const ipv6: Range[] = [];
  let number = 0;
  for (const line of lines) {
    number += 1;
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [first = '', last = '', third = '', fourth = ''] = line.split(/[,\t]/).map(plain);
    // Lists of networks have their number before the country.
    const country = /^\d+$/.test(third) ? fourth : third;
    const from = place(first, last);
    const to = place(last, first);
    if (from?.family !== to?.family || from === undefined || to === undefined) {
      throw new TributaryError(
        'validation_error',
        `Line ${number} is no range: ${line.slice(0, 80)}`,
      );
    }
    const name = /^[A-Za-z]{2}$/.test(country) ? country.toUpperCase() : '';
    if (name === '' || name === 'ZZ') continue;
    if (from.family === 4) ipv4.push({ from: from.value, to: to.value, country: name });
    else ipv6.push({ from: from.value >> lower64, to: to.value >> lower64, country: name });
  }
  const starts4 = startsOf(ipv4, family6);
  const starts6 = startsOf(ipv6, 1n << lower64);
  const head = Buffer.alloc(16);
  head.write(countryTableMark, 'latin1');
  head.writeUInt32BE(starts4.length, 8);
  head.writeUInt32BE(starts6.length, 12);
  return Buffer.concat([head, ...written(starts4, 4), ...written(starts6, 8)]);
}

function plain(field: string): string {
  return field.trim().replace(/^"(.*)"$/, '$1');
}

/** A number is IPv6 when it, or the other end of its range, is beyond IPv4. */
function place(text: string, other: string): Place | undefined {
  if (/^\d+$/.test(text)) {
    const value = BigInt(text);
    const far = /^\d+$/.test(other) ? BigInt(other) : 0n;
    return { family: value < family6 && far < family6 ? 4 : 6, value };
  }
  const bytes = addressBytes(text);
  if (bytes === undefined) return undefined;
  return {
    family: bytes.length === 4 ? 4 : 6,
    value: BigInt(`0x${Buffer.from(bytes).toString('hex')}`),
  };
}

/**
 * The ranges up to `end` in order as starts alone, with a start of nothing in each gap and behind the
 * last. Where ranges overlap the one that begins later holds: lists name parts of a range behind it.
 */
function startsOf(ranges: readonly Range[], end: bigint): readonly Start[] {
  const starts: Start[] = [];
  const open: Range[] = [];
  let at = 0n;
  for (const range of ranges.toSorted(byStart)) {
    sayUntil(range.from);
    open.push(range);
  }
  if (ranges.length > 0) sayUntil(end);
  return starts;

  /** Says what holds from `at` on. */
  function sayUntil(limit: bigint): void {
    while (at < limit) {
      const last = open.at(-1);
      if (last !== undefined && last.to < at) {
        open.pop();
        continue;
      }
      const country = last?.country ?? '';
      if (starts.at(-1)?.country !== country) starts.push({ from: at, country });
      at = last === undefined || last.to >= limit ? limit : last.to + 1n;
    }
  }
}

/** Of those that begin together the longest comes first. */
function byStart(a: Range, b: Range): number {
  if (a.from !== b.from) return a.from < b.from ? -1 : 1;
  return a.to === b.to ? 0 : a.to > b.to ? -1 : 1;
}

function written(starts: readonly Start[], width: 4 | 8): readonly [Buffer, Buffer] {
  const keys = Buffer.alloc(starts.length * width);
  const names = Buffer.alloc(starts.length * 2);
  for (const [index, { from, country }] of starts.entries()) {
    if (width === 4) keys.writeUInt32BE(Number(from), index * 4);
    else keys.writeBigUInt64BE(from, index * 8);
    names.write(country, index * 2, 'latin1');
  }
  return [keys, names];
}
