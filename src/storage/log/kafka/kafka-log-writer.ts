import assert from 'node:assert/strict';
import type { MessageRecord } from '@platformatic/kafka';
import type { Clock } from '../../../core/clock.ts';
import { TributaryError } from '../../../core/errors.ts';
import type { AppendOptions, LogEntry, LogWriter, Offset } from '../../../core/event-log.ts';
import { limits } from '../../../core/limits.ts';
import type { BatchProducer } from './batch-producer.ts';
import { bareMessage, type Place, toMessage, toOffset, withMark } from './record-format.ts';
import { type Unit, UnitQueue } from './unit-queue.ts';

export interface KafkaLogWriterOptions {
  readonly place: Place;
  readonly producer: BatchProducer;
  readonly clock: Clock;
  /** How long a batch may take, brokers away included, ms; then its appends are refused. */
  readonly mostMs: number;
  readonly end: Offset;
  readonly mark: Offset;
  readonly onCommit: () => void;
  readonly onFlush: (durationMs: number, bytes: number, units: number) => void;
  /** Aborts what the producer is at. */
  readonly abort: () => void;
  readonly onClose: () => void;
}

/** Pause between two tries to write while nothing is appended, ms. */
const probeMs = 500;
/** How long `close` waits for the brokers, ms. */
const closeMs = 3_000;

/**
 * Writes one partition: while a batch is on its way the next gathers, and a batch is one commit. Where a write may
 * have failed and yet be there, as over a broken connection, an append is refused only after `mostMs`: what it held may be
 * in the log then. Only `accepted` has such a bound, and what a client sends again is deduped.
 */
export class KafkaLogWriter implements LogWriter {
  readonly #options: KafkaLogWriterOptions;
  readonly #queue = new UnitQueue();
  #end: Offset;
  #mark: Offset;
  /** Of what was appended; `#mark` follows it. */
  #appendedMark: Offset;
  #lastTime = 0;
  #writing: Promise<void> | undefined;
  #isClosed = false;
  #failingSince: number | undefined;

  constructor(options: KafkaLogWriterOptions) {
    this.#options = options;
    this.#end = options.end;
    this.#mark = options.mark;
    this.#appendedMark = options.mark;
  }

  get end(): Offset {
    return this.#end;
  }

  get mark(): Offset {
    return this.#mark;
  }

  /** A batch is on its way for longer than a healthy cluster takes. */
  get isStuck(): boolean {
    const since = this.#failingSince;
    return since !== undefined && this.#options.clock.monotonic() - since > limits.kafkaStuckMs;
  }

  async append(entries: readonly LogEntry[], { mark }: AppendOptions = {}): Promise<Offset> {
    assert(entries.length > 0 || mark !== undefined, 'a unit has an entry or a mark');
    assert(mark === undefined || mark >= this.#appendedMark, 'a mark is never lowered');
    for (const { meta, body } of entries) {
      assert(meta.length + body.length <= limits.logRecordBytes, 'a record fits the limit');
    }
    if (this.#isClosed) throw new TributaryError('log_unavailable', 'The log is closed.');
    const appended = this.#queue.add(entries, mark);
    if (appended === undefined) {
      throw new TributaryError('log_unavailable', 'Too much waits for the brokers.');
    }
    this.#appendedMark = mark ?? this.#appendedMark;
    this.#writing ??= this.#write();
    return appended;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const cancel = this.#options.clock.after(closeMs, this.#options.abort);
    await this.#writing;
    cancel();
    await this.#options.producer.close();
    this.#options.onClose();
  }

  /** Writes until nothing waits. What is appended in this turn of the event loop goes along. */
  async #write(): Promise<void> {
    await null;
    while (!this.#queue.isEmpty || this.#isProbing()) {
      if (this.#queue.isEmpty) await this.#options.clock.sleep(probeMs);
      const units = this.#queue.take();
      try {
        await this.#commit(units);
      } catch (error) {
        assert(error instanceof Error);
        for (const { done } of units) done.reject(error);
        // No mark may pass over a loss.
        this.#queue.rejectAll(error);
        this.#appendedMark = this.#mark;
      }
    }
    this.#writing = undefined;
  }

  /** While new events are refused nothing is appended, so that it must find out itself when the brokers are back. */
  #isProbing(): boolean {
    return this.#failingSince !== undefined && !this.#isClosed;
  }

  async #commit(units: readonly Unit[]): Promise<void> {
    const { clock, mostMs, onCommit, onFlush, producer } = this.#options;
    const mark = units.reduce((last, unit) => unit.mark ?? last, this.#mark);
    const { messages, places } = this.#messages(units, mark);
    const startedAt = clock.monotonic();
    this.#failingSince ??= startedAt;
    const first = toOffset(await producer.write(messages, mostMs));
    this.#failingSince = undefined;
    onFlush(
      clock.monotonic() - startedAt,
      units.reduce((sum, { bytes }) => sum + bytes, 0),
      units.length,
    );
    this.#end = first + messages.length;
    this.#mark = mark;
    onCommit();
    for (const [index, { done }] of units.entries()) done.resolve(first + (places[index] ?? 0));
  }

  #messages(units: readonly Unit[], mark: Offset) {
    const { clock, place } = this.#options;
    this.#lastTime = Math.max(this.#lastTime, clock.now());
    const time = BigInt(this.#lastTime);
    const messages: MessageRecord[] = [];
    const places: number[] = [];
    for (const { entries } of units) {
      places.push(messages.length);
      for (const entry of entries) messages.push(toMessage(entry, place, time));
      if (entries.length === 0) messages.push(bareMessage(place, time));
    }
    const last = messages.pop() ?? bareMessage(place, time);
    messages.push(mark > 0 ? withMark(last, mark) : last);
    return { messages, places };
  }
}
