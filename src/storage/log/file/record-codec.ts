import assert from 'node:assert/strict';
import type { LogEntry, LogRecord, Offset } from '../../../core/event-log.ts';
import { limits } from '../../../core/limits.ts';

/** Bytes before the source, meta and body of a record. Layout in `open-file-log-engine.ts`. */
export const recordHeaderBytes = 10;
const sourceLength = 64;

/** Asserts the bounds of an entry, before any of its unit is encoded. */
export function assertEntry({ kind, source, meta, body }: LogEntry): void {
  assert(kind >= 0 && kind <= 255, 'a kind is one byte');
  assert(source.length <= sourceLength, 'a source id has at most 64 characters');
  for (let i = 0; i < source.length; i++) {
    assert(source.charCodeAt(i) < 0x80, 'a source id is ASCII');
  }
  const bytes = body.byteLength + meta.length;
  assert(bytes <= limits.logRecordBytes, 'a record fits limits.logRecordBytes');
}

/** The most bytes the record of `entry` can take: meta may need three for a UTF-16 unit. */
export function recordBound(entry: LogEntry): number {
  return recordHeaderBytes + sourceLength + 3 * entry.meta.length + entry.body.byteLength;
}

/** Encodes `entry` at `at`, where `recordBound` bytes are free. Returns the byte behind it. */
export function writeRecord(buffer: Buffer, at: number, entry: LogEntry): number {
  const { source, meta, body } = entry;
  buffer.writeUInt32LE(body.byteLength, at);
  buffer[at + 8] = entry.kind;
  buffer[at + 9] = source.length;
  let end = at + recordHeaderBytes;
  for (let i = 0; i < source.length; i++) buffer[end++] = source.charCodeAt(i);
  const metaBytes = meta === '' ? 0 : buffer.write(meta, end);
  buffer.writeUInt32LE(metaBytes, at + 4);
  end += metaBytes;
  buffer.set(body, end);
  return end + body.byteLength;
}

/** Bytes of the record at `at`. */
export function recordBytes(buffer: Buffer, at: number): number {
  return (
    recordHeaderBytes +
    buffer.readUInt32LE(at) +
    buffer.readUInt32LE(at + 4) +
    (buffer[at + 9] ?? 0)
  );
}

export function recordKind(buffer: Buffer, at: number): number {
  return buffer[at + 8] ?? 0;
}

/** Whether the record at `at` belongs to `source` (its bytes); nothing is decoded. */
export function isOfSource(buffer: Buffer, at: number, source: Buffer): boolean {
  if (buffer[at + 9] !== source.length) return false;
  const start = at + recordHeaderBytes;
  for (let i = source.length - 1; i >= 0; i--) {
    if (buffer[start + i] !== source[i]) return false;
  }
  return true;
}

export function recordSource(buffer: Buffer, at: number): string {
  const start = at + recordHeaderBytes;
  return buffer.toString('latin1', start, start + (buffer[at + 9] ?? 0));
}

/** Decodes the record at `at`; the body is a view. */
export function readRecord(buffer: Buffer, at: number, offset: Offset): LogRecord {
  const metaStart = at + recordHeaderBytes + (buffer[at + 9] ?? 0);
  const bodyStart = metaStart + buffer.readUInt32LE(at + 4);
  return {
    offset,
    kind: recordKind(buffer, at),
    source: recordSource(buffer, at),
    meta: buffer.toString('utf8', metaStart, bodyStart),
    body: buffer.subarray(bodyStart, bodyStart + buffer.readUInt32LE(at)),
  };
}
