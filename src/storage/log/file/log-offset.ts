import assert from 'node:assert/strict';
import type { Offset } from '../../../core/event-log.ts';

/**
 * Bytes of offset space a file has. A file ends at 128 MiB and one group is at most 64 MiB, so 2^28
 * holds both; what is left of a safe integer gives 2^25 files: years of writing at full speed, where
 * 2^32 would give weeks.
 */
const fileSpan = 2 ** 28;
const mostFiles = 2 ** 25;

/** The offset of byte `byte` of file number `file` (from 1). */
export function offsetOf(file: number, byte: number): Offset {
  assert(byte >= 0 && byte < fileSpan, 'a byte position is within the span of a file');
  assert(file >= 0 && file < mostFiles, 'the file numbers of a log are used up');
  return file * fileSpan + byte;
}

export function fileOf(offset: Offset): number {
  return Math.floor(offset / fileSpan);
}

export function byteOf(offset: Offset): number {
  return offset % fileSpan;
}
