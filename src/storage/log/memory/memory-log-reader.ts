import type {
  LogReader,
  LogRecord,
  Offset,
  ReadOptions,
  ReadResult,
} from '../../../core/event-log.ts';
import { limits } from '../../../core/limits.ts';
import type { MemoryLog } from './memory-log.ts';

export class MemoryLogReader implements LogReader {
  readonly #log: MemoryLog;
  readonly #waits = new Set<() => void>();
  #closed = false;

  constructor(log: MemoryLog) {
    this.#log = log;
  }

  async read(from: Offset, options: ReadOptions = {}): Promise<ReadResult> {
    const most = options.maxBytes ?? limits.logReadBytes;
    const records: LogRecord[] = [];
    let bytes = 0;
    for (const commit of this.#log.from(from)) {
      for (const record of commit.records) {
        if (record.offset < from) continue;
        if (options.source !== undefined && record.source !== options.source) continue;
        if (bytes >= most) return { records, next: record.offset, damaged: [] };
        records.push(record);
        bytes += record.body.length + record.meta.length;
      }
    }
    return { records, next: Math.max(from, this.#log.end), damaged: [] };
  }

  wait(from: Offset, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted || this.#closed) return Promise.resolve(false);
    if (from < this.#log.end) return Promise.resolve(true);
    return new Promise((resolve) => {
      const finish = (found: boolean) => {
        stop();
        this.#waits.delete(abort);
        signal.removeEventListener('abort', abort);
        resolve(found);
      };
      const abort = () => finish(false);
      const stop = this.#log.onCommit((closed) => {
        if (closed || from < this.#log.end) finish(!closed);
      });
      this.#waits.add(abort);
      signal.addEventListener('abort', abort);
    });
  }

  wake(): void {
    // A commit wakes the readers itself: there is no other process.
  }

  async start(): Promise<Offset> {
    return this.#log.start;
  }

  async end(): Promise<Offset> {
    return this.#log.end;
  }

  async mark(): Promise<Offset> {
    return this.#log.mark;
  }

  async offsetAt(time: number): Promise<Offset> {
    return this.#log.commits.find((commit) => commit.time >= time)?.start ?? this.#log.end;
  }

  async count(from: Offset, to: Offset, source: string, kinds: readonly number[]): Promise<number> {
    let count = 0;
    for (const commit of this.#log.from(from)) {
      for (const record of commit.records) {
        if (record.offset < from || record.offset >= to) continue;
        if (record.source === source && kinds.includes(record.kind)) count++;
      }
    }
    return count;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const abort of this.#waits) abort();
  }
}
