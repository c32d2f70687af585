import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import {
  type CommitHeader,
  commitHeaderBytes,
  paddedCommitBytes,
  readCommitHeader,
} from './commit-header.ts';

/** A commit whose checksums hold. `start` is its byte in the file. */
export interface VerifiedCommit {
  readonly start: number;
  readonly end: number;
  readonly header: CommitHeader;
}

/** A stretch of one file that begins and ends between commits. */
export interface VerifiedChunk {
  readonly number: number;
  /** Bytes [from, to) of the file; `buffer` begins at `from`. */
  readonly from: number;
  readonly to: number;
  readonly buffer: Buffer;
  readonly commits: readonly VerifiedCommit[];
  readonly damaged: readonly ByteRange[];
}

export interface ByteRange {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/** The file to read from, and how far. */
export interface ChunkSource {
  readonly handle: FileHandle;
  readonly number: number;
  /** Undefined when the file's header is lost. */
  readonly salt: number | undefined;
  /** Readable up to here; less may be on disk. */
  readonly end: number;
}

/**
 * Reads about `bytes` from `from` on, which must be a boundary, and verifies each commit. What is
 * not a commit is damage up to the next valid header; all of [from, to) is one or the other.
 */
export async function readChunk(
  source: ChunkSource,
  from: number,
  bytes: number,
): Promise<VerifiedChunk> {
  const length = Math.min(bytes, source.end - from);
  const buffer = Buffer.allocUnsafeSlow(length);
  const { bytesRead } = await source.handle.read(buffer, 0, length, from);
  const last = from + length >= source.end || bytesRead < length;
  const chunk = verify(source, from, buffer.subarray(0, bytesRead), last);
  if (typeof chunk === 'number') return readChunk(source, from, chunk);
  if (last && from + bytesRead < source.end) {
    const lost = { from: chunk.to, to: source.end, reason: 'the file is shorter than its end' };
    return { ...chunk, to: source.end, damaged: [...chunk.damaged, lost] };
  }
  return chunk;
}

/** The verified chunk; or, when its first commit does not fit, the bytes that it needs. */
function verify(
  source: ChunkSource,
  from: number,
  buffer: Buffer,
  last: boolean,
): VerifiedChunk | number {
  const { number, salt } = source;
  const commits: VerifiedCommit[] = [];
  const damaged: ByteRange[] = [];
  const end = from + buffer.length;
  let at = from;
  while (at + commitHeaderBytes <= end) {
    const header = readCommitHeader(buffer, at - from, number, at, salt);
    if (!header) {
      const found = nextHeader(source, buffer, from, at + 8) ?? (last ? end : boundary(at, end));
      damaged.push({ from: at, to: found, reason: 'no commit header' });
      at = found;
      continue;
    }
    const next = at + paddedCommitBytes(header.payloadBytes);
    if (next > end && !last) {
      if (at === from && next <= source.end) return next - from;
      if (next <= source.end) break;
    }
    const body = at - from + commitHeaderBytes;
    const payload = buffer.subarray(body, body + header.payloadBytes);
    if (next > end) {
      damaged.push({ from: at, to: end, reason: 'the commit is cut short' });
      at = end;
    } else if (crc32(payload) !== header.payloadCrc) {
      damaged.push({ from: at, to: next, reason: 'the commit fails its checksum' });
      at = next;
    } else {
      commits.push({ start: at, end: next, header });
      at = next;
    }
  }
  if (last && at < end) {
    damaged.push({ from: at, to: end, reason: 'the commit is cut short' });
    at = end;
  }
  return { number, from, to: at, buffer, commits, damaged };
}

/** The first byte of the buffer's end at which a header could still begin. */
function boundary(at: number, end: number): number {
  return Math.max(at + 8, (end - commitHeaderBytes + 8) & ~7);
}

function nextHeader(
  source: ChunkSource,
  buffer: Buffer,
  from: number,
  start: number,
): number | undefined {
  for (let at = start; at + commitHeaderBytes <= from + buffer.length; at += 8) {
    if (readCommitHeader(buffer, at - from, source.number, at, source.salt)) return at;
  }
  return undefined;
}
