import type { Offset } from '../../core/event-log.ts';
import type { InputRange } from '../../core/input-ranges.ts';

/*
 * A run file: keys in ascending order, 8 bytes each (upper half, lower half, both little-endian
 * words), then the footer as JSON, then a trailer of 16 bytes: length of the footer, CRC-32 of keys
 * and footer, the magic text. A run is written under another name, flushed and renamed: it is whole
 * or absent. Anything that does not check is thrown away and made again from `seen`.
 */

export const keyBytes = 8;
export const trailerBytes = 16;
const magic = Buffer.from('TRIBKEY1', 'latin1');

export interface RunFooter {
  readonly count: number;
  /** receivedAt of the oldest and the newest key, ms. */
  readonly oldest: number;
  readonly newest: number;
  /** Input whose keys the run holds. */
  readonly ranges: readonly InputRange[];
  /** Where these keys stand in `seen`. */
  readonly seenFrom: Offset;
  readonly seenTo: Offset;
  /** Tells under which secret the keys were made. */
  readonly identity: string;
}

export function encodeFooter(footer: RunFooter): Buffer {
  return Buffer.from(JSON.stringify(footer), 'utf8');
}

/** `crc` is that of the keys and the footer. */
export function encodeTrailer(footerBytes: number, crc: number): Buffer {
  const trailer = Buffer.alloc(trailerBytes);
  trailer.writeUInt32LE(footerBytes, 0);
  trailer.writeUInt32LE(crc, 4);
  magic.copy(trailer, 8);
  return trailer;
}

/** Undefined when it is no trailer. */
export function decodeTrailer(
  trailer: Buffer,
): { readonly footerBytes: number; readonly crc: number } | undefined {
  if (trailer.length !== trailerBytes || !trailer.subarray(8).equals(magic)) return undefined;
  return { footerBytes: trailer.readUInt32LE(0), crc: trailer.readUInt32LE(4) };
}

/** The footer of a file whose checksum holds. */
export function decodeFooter(text: Buffer): RunFooter {
  return JSON.parse(text.toString('utf8')) as RunFooter;
}
