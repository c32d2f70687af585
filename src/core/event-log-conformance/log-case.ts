import assert from 'node:assert/strict';
import { TributaryError } from '../errors.ts';
import type {
  LogEngine,
  LogEntry,
  LogReader,
  LogRecord,
  LogWriter,
  OpenWriterOptions,
} from '../event-log.ts';

/** One deployment of an engine, empty at first, for one case. */
export interface LogSubject {
  readonly engine: LogEngine;
  /** False where another system counts the offsets, so that none can be left out. */
  readonly choosesOffsets?: boolean;
  /** Ends the engine as a restart would (its writers are closed) and opens it again over what it kept. */
  reopen(): Promise<LogEngine>;
  /** Ends the engine and removes what it kept. */
  cleanup(): Promise<void>;
}

/** One rule: what must hold on an empty deployment whose commits are stamped with `time.now`. */
export type LogCase = (subject: LogSubject, time: { now: number }) => Promise<void>;

export async function openBoth(
  engine: LogEngine,
  log: 'events' | 'results' | 'seen' = 'events',
  options: OpenWriterOptions = {},
): Promise<{ writer: LogWriter; reader: LogReader }> {
  const { writer, recovery } = await engine.openWriter(log, 0, options);
  assert.deepEqual(recovery, { cutBytes: 0, damaged: [] });
  return { writer, reader: await engine.openReader(log, 0) };
}

/** Every record from the start, copied, as a consumer that follows `next` finds them. */
export async function readAll(
  reader: LogReader,
  options: { source?: string } = {},
): Promise<readonly LogRecord[]> {
  const all: LogRecord[] = [];
  let from = 0;
  for (;;) {
    const { records, next, damaged } = await reader.read(from, options);
    assert.deepEqual(damaged, []);
    for (const record of records) all.push({ ...record, body: Buffer.from(record.body) });
    if (next === from) return all;
    from = next;
  }
}

export function entry(body: string, fields: Partial<LogEntry> = {}): LogEntry {
  return { kind: 2, source: 'source', meta: '{}', ...fields, body: Buffer.from(body) };
}

export function plain(record: LogEntry | LogRecord) {
  const { kind, source, meta, body } = record;
  return { kind, source, meta, body: Buffer.from(body).toString('hex') };
}

export function text(record: LogRecord): string {
  return record.body.toString();
}

export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

export function unavailable(error: unknown): boolean {
  return error instanceof TributaryError && error.code === 'log_unavailable';
}

export const assertion = { name: 'AssertionError' };
