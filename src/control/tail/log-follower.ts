import type { Clock } from '../../core/clock.ts';
import type { LogEngine, LogName, LogReader, LogRecord, Offset } from '../../core/event-log.ts';

/** Pause between two looks at a log: many small commits cost one wake-up. */
const paceMs = 100;
/** Reads in one look, of `limits.logReadBytes` each. What is beyond is counted, not read. */
const readsAtOnce = 16;

export interface LogFollowerOptions {
  readonly logs: LogEngine;
  readonly log: LogName;
  readonly partition: number;
  readonly clock: Clock;
  /** The kinds that matter, when most records of the log are of another: a range without them is not read. */
  readonly only?: readonly number[];
  /** All kinds that count as events when a range is passed over. */
  readonly counted: readonly number[];
  /** The sources that are watched just now. */
  sources(): readonly string[];
  onRecord(record: LogRecord): void;
  onSkipped(source: string, count: number): void;
}

/** Reads the end of one log while somebody watches; one for all viewers. */
export class LogFollower {
  readonly #options: LogFollowerOptions;
  readonly #stop = new AbortController();
  #reader: LogReader | undefined;
  #position: Offset = 0;

  constructor(options: LogFollowerOptions) {
    this.#options = options;
  }

  get log(): LogName {
    return this.#options.log;
  }

  /** Takes its place at the log's end. What is appended after it resolves is seen. */
  async open(): Promise<void> {
    const { logs, log, partition } = this.#options;
    this.#reader = await logs.openReader(log, partition);
    this.#position = await this.#reader.end();
  }

  /** Follows until `close`. Rejects when the log cannot be read. */
  async run(): Promise<void> {
    const reader = this.#reader;
    if (reader === undefined) return;
    const { signal } = this.#stop;
    while (!signal.aborted && (await reader.wait(this.#position, signal))) {
      await this.#look(reader);
      await this.#options.clock.sleep(paceMs, signal);
    }
  }

  wake(): void {
    this.#reader?.wake();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    const reader = this.#reader;
    this.#reader = undefined;
    await reader?.close();
  }

  async #look(reader: LogReader): Promise<void> {
    const { only, sources } = this.#options;
    const end = await reader.end();
    const watched = sources();
    if (only !== undefined && !(await this.#holds(reader, end, watched, only))) {
      this.#position = end;
      return;
    }
    const [single] = watched;
    const filter = watched.length === 1 && single !== undefined ? { source: single } : {};
    for (let reads = 0; reads < readsAtOnce; reads += 1) {
      if (this.#stop.signal.aborted) return;
      const { records, next } = await reader.read(this.#position, filter);
      for (const record of records) this.#options.onRecord(record);
      if (next === this.#position) return;
      this.#position = next;
    }
    await this.#passOver(reader);
  }

  async #holds(
    reader: LogReader,
    end: Offset,
    watched: readonly string[],
    kinds: readonly number[],
  ): Promise<boolean> {
    for (const source of watched) {
      if ((await reader.count(this.#position, end, source, kinds)) > 0) return true;
    }
    return false;
  }

  /** More arrives than can be read: goes on at the end, and says how much lies between. */
  async #passOver(reader: LogReader): Promise<void> {
    const { counted, sources, onSkipped } = this.#options;
    const end = await reader.end();
    for (const source of sources()) {
      const count = await reader.count(this.#position, end, source, counted);
      if (count > 0) onSkipped(source, count);
    }
    this.#position = end;
  }
}
