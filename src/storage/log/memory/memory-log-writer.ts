import assert from 'node:assert/strict';
import { TributaryError } from '../../../core/errors.ts';
import type {
  AppendOptions,
  LogEntry,
  LogRecord,
  LogWriter,
  Offset,
  OpenWriterOptions,
} from '../../../core/event-log.ts';
import { limits } from '../../../core/limits.ts';
import type { MemoryLog, MemoryLogOptions } from './memory-log.ts';

/** Each append is a commit of its own. */
export class MemoryLogWriter implements LogWriter {
  readonly #log: MemoryLog;
  readonly #options: MemoryLogOptions & OpenWriterOptions;
  #closed = false;

  constructor(log: MemoryLog, options: MemoryLogOptions & OpenWriterOptions) {
    this.#log = log;
    this.#options = options;
    log.locked = true;
    // A new writer never continues at an offset that could have been seen.
    log.end = Math.max(log.end, options.floor ?? 0) + 1;
  }

  get end(): Offset {
    return this.#log.end;
  }

  get mark(): Offset {
    return this.#log.mark;
  }

  async append(entries: readonly LogEntry[], options: AppendOptions = {}): Promise<Offset> {
    const { mark = this.#log.mark } = options;
    assert(entries.length > 0 || options.mark !== undefined, 'a unit has an entry or a mark');
    assert(mark >= this.#log.mark, 'a mark is never lowered');
    if (this.#closed) throw new TributaryError('log_unavailable', 'The log is closed.');
    if (this.#options.failing?.()) {
      throw new TributaryError('log_unavailable', 'The log could not be written.');
    }
    const start = this.#log.end;
    let bytes = 0;
    const records: LogRecord[] = entries.map((entry, i) => {
      const length = entry.body.byteLength + entry.meta.length;
      assert(length <= limits.logRecordBytes, 'a record fits limits.logRecordBytes');
      bytes += length + entry.source.length;
      return { ...entry, offset: start + 1 + i, body: Buffer.from(entry.body) };
    });
    const end = start + 1 + records.length;
    const last = this.#log.commits.at(-1)?.time ?? 0;
    const time = Math.max(last, this.#options.clock.now());
    this.#log.mark = mark;
    this.#log.add({ start, end, time, records, bytes });
    await null;
    this.#options.onCommit?.();
    return start + 1;
  }

  async close(): Promise<void> {
    if (!this.#closed) this.#log.locked = false;
    this.#closed = true;
  }
}
