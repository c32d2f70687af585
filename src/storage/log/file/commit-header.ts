import { crc32 } from 'node:zlib';
import type { Offset } from '../../../core/event-log.ts';
import { offsetOf } from './log-offset.ts';

/** What stands before the records of a commit. Layout in `open-file-log-engine.ts`. */
export interface CommitHeader {
  /** Bytes of the records, padding not counted. */
  readonly payloadBytes: number;
  readonly records: number;
  /** Milliseconds; never less than in the commit before. */
  readonly time: number;
  readonly mark: Offset;
  /** Bytes from the start of the group (one write, one flush) to this commit. */
  readonly inGroup: number;
  readonly payloadCrc: number;
}

export const commitHeaderBytes = 56;
const magic = 0x4d435254;
const version = 1;

/** Commits begin at multiples of 8, so that a lost one is found again quickly. */
export function paddedCommitBytes(payloadBytes: number): number {
  return (commitHeaderBytes + payloadBytes + 7) & ~7;
}

/** Writes the header at `at` of `buffer` for a commit that will stand at `byte` of `file`. */
export function writeCommitHeader(
  buffer: Buffer,
  at: number,
  place: { readonly file: number; readonly byte: number; readonly salt: number },
  header: CommitHeader,
): void {
  buffer.writeUInt32LE(magic, at);
  buffer.writeUInt32LE(version, at + 4);
  buffer.writeUInt32LE(header.payloadBytes, at + 8);
  buffer.writeUInt32LE(header.records, at + 12);
  buffer.writeDoubleLE(header.time, at + 16);
  buffer.writeDoubleLE(header.mark, at + 24);
  buffer.writeDoubleLE(offsetOf(place.file, place.byte), at + 32);
  buffer.writeUInt32LE(place.salt, at + 40);
  buffer.writeUInt32LE(header.inGroup, at + 44);
  buffer.writeUInt32LE(header.payloadCrc, at + 48);
  buffer.writeUInt32LE(crc32(buffer.subarray(at, at + 52)), at + 52);
}

/** The header at `at`, which is byte `byte` of `file`; undefined when none of ours begins there. */
export function readCommitHeader(
  buffer: Buffer,
  at: number,
  file: number,
  byte: number,
  salt: number | undefined,
): CommitHeader | undefined {
  if (buffer.readUInt32LE(at) !== magic) return undefined;
  if (crc32(buffer.subarray(at, at + 52)) !== buffer.readUInt32LE(at + 52)) return undefined;
  if (buffer.readUInt32LE(at + 4) !== version) return undefined;
  if (buffer.readDoubleLE(at + 32) !== offsetOf(file, byte)) return undefined;
  if (salt !== undefined && buffer.readUInt32LE(at + 40) !== salt) return undefined;
  return {
    payloadBytes: buffer.readUInt32LE(at + 8),
    records: buffer.readUInt32LE(at + 12),
    time: buffer.readDoubleLE(at + 16),
    mark: buffer.readDoubleLE(at + 24),
    inGroup: buffer.readUInt32LE(at + 44),
    payloadCrc: buffer.readUInt32LE(at + 48),
  };
}
