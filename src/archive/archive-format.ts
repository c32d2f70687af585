import assert from 'node:assert/strict';
import { promisify } from 'node:util';
import { crc32, deflateRaw, deflateRawSync, inflateRaw, inflateRawSync } from 'node:zlib';
import { TributaryError } from '../core/errors.ts';
import type { EventMeta } from '../core/records.ts';

/*
 * A file of the archive is NDJSON in gzip: any tool reads it, a line being an event exactly as `events` held it.
 *
 * Format: a row of gzip members (RFC 1952), each with up to `limits.archiveMemberBytes` of lines. The header of each has
 * an extra field, `TR`, which other readers pass over: the length of the compressed lines and the CRC of what follows, 4 bytes
 * each (little-endian), then the index of the lines as raw-deflated JSON (`MemberIndex`): what the log knew of an event and its line does
 * not say. So a member is found, and known, without inflating those before it.
 *
 * Bounds: an extra field has at most 65,535 bytes; a thousand lines take some ten thousand.
 * Recovery: a file is written whole or not at all (core/object-store.ts), so there is none.
 */

/** Of the lines of one member, in their order. The first of each list is a value, the others differences. */
export interface MemberIndex {
  readonly v: 1;
  /** Offsets in `events`. */
  readonly o: readonly number[];
  /** Stamps: input, and item (values). */
  readonly i: readonly number[];
  readonly n: readonly number[];
  /** receivedAt, milliseconds. */
  readonly t: readonly number[];
  /** What else the meta of a line had that cannot be told from the line itself, by its number. */
  readonly x: Readonly<Record<string, Partial<EventMeta>>>;
}

export interface Member {
  readonly index: MemberIndex;
  /** The member as it stands in the file. */
  readonly whole: Buffer;
  readonly deflated: Buffer;
  readonly sum: number;
  readonly bytes: number;
}

/** Half the CPU of level 6, for a sixth more bytes (measured on events of 865 bytes). */
const level = 3;
const fixedBytes = 10;
const trailerBytes = 8;
/** Before the index: fixed header, length of the extra field, name and length of ours, two numbers. */
const headBytes = fixedBytes + 2 + 4 + 8;
const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** One member; `lines` ends with a line feed. Compressed beside the event loop. */
export async function makeMember(index: MemberIndex, lines: Buffer): Promise<Buffer> {
  const deflated = await deflate(lines, { level });
  const packed = deflateRawSync(JSON.stringify(index), { level });
  const field = 8 + packed.length;
  assert(field + 4 <= 65_535, 'the index of a member fits its header');
  const head = Buffer.alloc(headBytes);
  // Magic, deflate, FEXTRA, no time, no flags, unknown system.
  head.set([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255]);
  head.writeUInt16LE(field + 4, fixedBytes);
  head.write('TR', fixedBytes + 2, 'latin1');
  head.writeUInt16LE(field, fixedBytes + 4);
  head.writeUInt32LE(deflated.length, fixedBytes + 6);
  head.writeUInt32LE(crc32(packed), fixedBytes + 10);
  const trailer = Buffer.alloc(trailerBytes);
  trailer.writeUInt32LE(crc32(lines), 0);
  trailer.writeUInt32LE(lines.length >>> 0, 4);
  return Buffer.concat([head, packed, deflated, trailer]);
}

/** The members of a file. Throws `object_store_failed` where it is not one of ours, or damaged. */
export function* readMembers(key: string, file: Buffer): Generator<Member> {
  for (let at = 0; at < file.length; ) {
    const isOurs =
      file.length - at > headBytes &&
      file.readUInt32BE(at) === 0x1f8b0804 &&
      file.toString('latin1', at + fixedBytes + 2, at + fixedBytes + 4) === 'TR';
    if (!isOurs) throw damaged(key, `no member at byte ${at}`);
    const field = file.readUInt16LE(at + fixedBytes + 4);
    const packedAt = at + headBytes;
    const linesAt = at + fixedBytes + 6 + field;
    const linesEnd = linesAt + file.readUInt32LE(at + fixedBytes + 6);
    const end = linesEnd + trailerBytes;
    if (end > file.length || linesAt < packedAt) throw damaged(key, 'it is cut off');
    const packed = file.subarray(packedAt, linesAt);
    if (crc32(packed) !== file.readUInt32LE(at + fixedBytes + 10)) {
      throw damaged(key, 'its index has a wrong sum');
    }
    yield {
      index: readIndex(key, packed),
      whole: file.subarray(at, end),
      deflated: file.subarray(linesAt, linesEnd),
      sum: file.readUInt32LE(linesEnd),
      bytes: file.readUInt32LE(linesEnd + 4),
    };
    at = end;
  }
}

/** The lines of a member, without their line feeds. Rejects with `object_store_failed` when their sum is another. */
export async function readLines(key: string, member: Member): Promise<Buffer[]> {
  let text: Buffer;
  try {
    text = await inflate(member.deflated);
  } catch (cause) {
    throw damaged(key, 'it cannot be inflated', cause);
  }
  if (crc32(text) !== member.sum || text.length !== member.bytes) throw damaged(key, 'wrong sum');
  const lines: Buffer[] = [];
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf(10, from);
    lines.push(text.subarray(from, end));
    from = end + 1;
  }
  if (lines.length !== member.index.o.length) throw damaged(key, 'its index is another’s');
  return lines;
}

function readIndex(key: string, packed: Buffer): MemberIndex {
  try {
    return JSON.parse(inflateRawSync(packed).toString()) as MemberIndex;
  } catch (cause) {
    throw damaged(key, 'its index cannot be read', cause);
  }
}

function damaged(key: string, why: string, cause?: unknown): TributaryError {
  return new TributaryError('object_store_failed', `The archive's ${key} is damaged: ${why}`, {
    cause,
  });
}
