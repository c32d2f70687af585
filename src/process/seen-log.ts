import type { Clock } from '../core/clock.ts';
import { TributaryError } from '../core/errors.ts';
import type { LogWriter, Offset } from '../core/event-log.ts';
import type { KeySet } from '../core/key-set.ts';
import { limits } from '../core/limits.ts';
import type { Logger } from '../core/logger.ts';
import { recordKinds } from '../core/records.ts';
import { KeyList } from './key-list.ts';
import { packKeys, seenMeta } from './seen-record.ts';

interface SeenLogDeps {
  readonly writer: LogWriter;
  readonly keys: KeySet;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Writes the keys of committed input to `seen`, gathered into a record a second or
 * `limits.seenRecordKeys` keys. Each record says which input it covers, and only when it is written
 * does the key set learn that the range is covered. What is gathered when the process dies is read
 * again from `accepted`.
 */
export class SeenLog {
  readonly #deps: SeenLogDeps;
  #pending = new KeyList(limits.seenRecordKeys);
  #from: Offset;
  #to: Offset;
  #since: number | undefined;
  /** Where the first range begins that got no record. */
  #lostFrom: Offset = Number.POSITIVE_INFINITY;

  constructor(deps: SeenLogDeps) {
    this.#deps = deps;
    this.#from = 0;
    this.#to = 0;
  }

  /** The ids of all input before this stand in `seen`, durably. */
  get writtenTo(): Offset {
    return Math.min(this.#from, this.#lostFrom);
  }

  /** Begins a new range: what follows covers input from here on. Call with nothing gathered. */
  begin(from: Offset): void {
    this.#from = from;
    this.#to = from;
  }

  /** A new key of the range. */
  add(hi: number, lo: number, receivedAt: number): void {
    this.#pending.push(hi, lo, receivedAt);
  }

  /** The range's input is committed up to here; writes a record when one is due. */
  async advance(to: Offset): Promise<void> {
    const now = this.#deps.clock.monotonic();
    this.#to = to;
    this.#since ??= now;
    const due =
      this.#pending.length >= limits.seenRecordKeys || now - this.#since >= limits.seenRecordMs;
    if (due) await this.flush();
  }

  /**
   * Writes what is gathered. When `seen` takes nothing (the disk is full) it is tried again with the
   * next record, up to `limits.dedupePendingKeys`; from there on the range has no record, which
   * a later start notices and reads it from `accepted`.
   */
  async flush(): Promise<void> {
    if (this.#to === this.#from) return;
    const { writer, keys, logger } = this.#deps;
    const range = { from: this.#from, to: this.#to };
    const entry = {
      kind: recordKinds.keys,
      source: '',
      meta: seenMeta(range.from, range.to),
      body: packKeys(this.#pending),
    };
    this.#since = undefined;
    let seenFrom = writer.end;
    try {
      seenFrom = await writer.append([entry]);
    } catch (cause) {
      if (!(cause instanceof TributaryError)) throw cause;
      logger.warn({ err: cause, ...range }, 'dedupe keys could not be written to the log seen');
      if (this.#pending.length * 2 < limits.dedupePendingKeys) return;
      this.#lostFrom = Math.min(this.#lostFrom, range.from);
    }
    this.#pending.clear();
    this.#from = this.#to;
    await keys.cover({ ...range, seenFrom, seenTo: writer.end });
  }
}
