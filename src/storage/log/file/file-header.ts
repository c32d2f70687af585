import { crc32 } from 'node:zlib';
import type { Offset } from '../../../core/event-log.ts';

/** What the first bytes of a file say. Layout in `open-file-log-engine.ts`. */
export interface FileHeader {
  readonly number: number;
  /** Number of the file before it, 0 for the first of a log. */
  readonly previous: number;
  /** Byte at which the file before it ends, whatever stands behind it there. */
  readonly previousEnd: number;
  /** Milliseconds; no commit of the file is older, none of an earlier file is newer. */
  readonly time: number;
  /** The log's mark when the file was begun. */
  readonly mark: Offset;
  /** Random; stands in each commit header too. */
  readonly salt: number;
}

const copyBytes = 64;
/** Bytes before the first commit: the header, twice. */
export const fileHeaderBytes = 2 * copyBytes;

const magic = 0x464c5254;
const version = 1;

export function encodeFileHeader(header: FileHeader): Buffer {
  const buffer = Buffer.alloc(fileHeaderBytes);
  buffer.writeUInt32LE(magic, 0);
  buffer.writeUInt16LE(version, 4);
  buffer.writeUInt16LE(fileHeaderBytes, 6);
  buffer.writeDoubleLE(header.number, 8);
  buffer.writeDoubleLE(header.previous, 16);
  buffer.writeDoubleLE(header.previousEnd, 24);
  buffer.writeDoubleLE(header.time, 32);
  buffer.writeDoubleLE(header.mark, 40);
  buffer.writeUInt32LE(header.salt, 48);
  buffer.writeUInt32LE(crc32(buffer.subarray(0, 60)), 60);
  buffer.copyWithin(copyBytes, 0, copyBytes);
  return buffer;
}

/** The header from either copy, and whether one of them is damaged. Undefined when both are. */
export function decodeFileHeader(
  bytes: Buffer,
): { readonly header: FileHeader; readonly damaged: boolean } | undefined {
  const first = decodeCopy(bytes, 0);
  const second = decodeCopy(bytes, copyBytes);
  const header = first ?? second;
  return header && { header, damaged: first === undefined || second === undefined };
}

function decodeCopy(bytes: Buffer, at: number): FileHeader | undefined {
  if (bytes.length < at + copyBytes) return undefined;
  if (bytes.readUInt32LE(at) !== magic || bytes.readUInt16LE(at + 4) !== version) return undefined;
  if (crc32(bytes.subarray(at, at + 60)) !== bytes.readUInt32LE(at + 60)) return undefined;
  return {
    number: bytes.readDoubleLE(at + 8),
    previous: bytes.readDoubleLE(at + 16),
    previousEnd: bytes.readDoubleLE(at + 24),
    time: bytes.readDoubleLE(at + 32),
    mark: bytes.readDoubleLE(at + 40),
    salt: bytes.readUInt32LE(at + 48),
  };
}
