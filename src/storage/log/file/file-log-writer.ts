import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import type { Clock } from '../../../core/clock.ts';
import { TributaryError } from '../../../core/errors.ts';
import type { AppendOptions, LogEntry, LogWriter, Offset } from '../../../core/event-log.ts';
import type { Logger } from '../../../core/logger.ts';
import { BlockIndex } from './block-index.ts';
import type { CommitBuffer } from './commit-buffer.ts';
import { fileHeaderBytes } from './file-header.ts';
import type { FileIo } from './file-io.ts';
import { GroupQueue } from './group-queue.ts';
import { InlineWrites } from './inline-writes.ts';
import { offsetOf } from './log-offset.ts';
import { WritingFile } from './writing-file.ts';

/** Where the log stands: what the writer continues from, and after each file. */
export interface WriterStart {
  readonly previous: number;
  readonly previousEnd: number;
  /** Number of the next file. */
  readonly next: number;
  readonly mark: Offset;
  readonly time: number;
}

export interface WriterOptions {
  readonly folder: string;
  readonly io: FileIo;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly fileBytes: number;
  /** Called after each durable group, before its appends resolve: publishes the end. */
  onDurable(end: Offset, mark: Offset, group: Offset): void;
  /** Called once the appends resolved. */
  onCommit(): void;
  /** Called when a file is begun, with the index that grows with it. */
  onFile(number: number, index: BlockIndex): void;
  onFlush(durationMs: number, bytes: number, units: number): void;
  /** Called last in `close`. */
  release(): Promise<void>;
}

/** Group commit over files: see `open-file-log-engine.ts`. */
export class FileLogWriter implements LogWriter {
  readonly #options: WriterOptions;
  readonly #queue = new GroupQueue();
  readonly #inline: InlineWrites;
  #file: WritingFile | undefined;
  #index = new BlockIndex();
  #previous: number;
  #previousEnd: number;
  #next: number;
  #time: number;
  #mark: Offset;
  /** The highest mark given, committed or waiting. */
  #markGiven: Offset;
  #running: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  /** Work on finished files; `close` waits for it. */
  #finishing: Promise<void> = Promise.resolve();

  constructor(start: WriterStart, options: WriterOptions) {
    this.#options = options;
    this.#inline = new InlineWrites(options.clock);
    this.#previous = start.previous;
    this.#previousEnd = start.previousEnd;
    this.#next = start.next;
    this.#time = start.time;
    this.#mark = start.mark;
    this.#markGiven = start.mark;
  }

  get end(): Offset {
    return this.#file
      ? offsetOf(this.#file.header.number, this.#file.position)
      : offsetOf(this.#next, fileHeaderBytes);
  }

  get mark(): Offset {
    return this.#mark;
  }

  append(entries: readonly LogEntry[], options?: AppendOptions): Promise<Offset> {
    if (this.#closing) return Promise.reject(unavailable('The log is closed.'));
    const mark = options?.mark;
    assert(entries.length > 0 || mark !== undefined, 'a unit has an entry or a mark');
    if (mark !== undefined) assert(mark >= this.#markGiven, 'a mark is never lowered');
    const written = this.#queue.add(entries, mark);
    if (!written) return Promise.reject(unavailable('Too much is waiting for the disk.'));
    if (mark !== undefined) this.#markGiven = mark;
    this.#running ??= this.#run();
    return written;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Begins the first file, so that the log is known to be writable. */
  async begin(): Promise<void> {
    await this.#nextFile();
  }

  async #close(): Promise<void> {
    await this.#running;
    if (this.#file) this.#finish(this.#file, true);
    this.#file = undefined;
    await this.#finishing;
    await this.#options.release();
  }

  /** Writes group after group until nothing waits. */
  async #run(): Promise<void> {
    // Appends of the same turn of the event loop share the first flush.
    await new Promise<void>((resolve) => setImmediate(resolve));
    for (let group = this.#queue.take(); group; group = this.#queue.take()) {
      const base = await this.#write(group.buffer, group.units).catch((error: unknown) =>
        this.#abandon(error),
      );
      if (base === undefined) continue;
      this.#queue.resolve(base);
      this.#options.onCommit();
    }
    this.#running = undefined;
  }

  /** Returns the offset at which the group stands. */
  async #write(group: CommitBuffer, units: number): Promise<Offset> {
    const { clock, fileBytes } = this.#options;
    const started = clock.monotonic();
    const full = this.#file && this.#file.position + group.sealedBytes > fileBytes;
    const file =
      this.#file && (!full || this.#file.position === fileHeaderBytes)
        ? this.#file
        : await this.#nextFile();
    const { number, salt } = file.header;
    const byte = file.position;
    this.#time = Math.max(this.#time, clock.now());
    const mark = group.seal({ file: number, byte, salt }, this.#time, this.#mark);
    if (!this.#writeNow(file, group)) await file.write(group.bytes, group.length);
    this.#mark = mark;
    for (const draft of group.drafts) {
      this.#index.add(byte + draft.start, this.#time, draft.sources);
    }
    this.#options.onDurable(this.end, mark, offsetOf(number, byte));
    this.#options.onFlush(clock.monotonic() - started, group.length, units);
    return offsetOf(number, byte);
  }

  /** Writes a group on this thread if that is wise; false when it was not. */
  #writeNow(file: WritingFile, { bytes, length }: CommitBuffer): boolean {
    if (!this.#inline.allows(length)) return false;
    const { clock } = this.#options;
    const started = clock.monotonic();
    const written = file.writeNow(bytes, length);
    if (written) this.#inline.took(clock.monotonic() - started);
    return written;
  }

  /** Ends the current file at its last good byte and begins the next. */
  async #nextFile(): Promise<WritingFile> {
    const { folder, io, fileBytes, clock } = this.#options;
    const full = this.#file;
    // Even if the next cannot be begun: its header may be on disk already and say where this ends.
    this.#file = undefined;
    if (full) this.#finish(full, true);
    this.#time = Math.max(this.#time, clock.now());
    const header = {
      number: this.#next++,
      previous: this.#previous,
      previousEnd: this.#previousEnd,
      time: this.#time,
      mark: this.#mark,
      salt: randomInt(2 ** 32),
    };
    const file = await WritingFile.create(folder, header, { io, fileBytes });
    this.#file = file;
    this.#index = new BlockIndex();
    this.#options.onFile(header.number, this.#index);
    const start = offsetOf(header.number, fileHeaderBytes);
    this.#options.onDurable(start, this.#mark, start);
    return file;
  }

  /** Cuts what stands behind the end and keeps the index; the log does not wait for it. */
  #finish(file: WritingFile, whole: boolean): void {
    const { folder, logger } = this.#options;
    const { number } = file.header;
    const { position } = file;
    const index = this.#index;
    this.#previous = number;
    this.#previousEnd = position;
    const finish = async () => {
      await file.finish();
      if (whole && position > fileHeaderBytes) await index.save(folder, number, position);
    };
    this.#finishing = Promise.all([this.#finishing, finish()]).then(
      () => undefined,
      (error: unknown) => {
        // The next file's header says where this one ends, and the index can be rebuilt.
        logger.warn({ err: error, file: number }, 'a finished log file was not cut or indexed');
      },
    );
  }

  /**
   * Rejects the group and all that was appended since: a unit with a mark must not be kept when one
   * before it is lost. The kernel may have dropped the pages that it failed to write, so the file
   * is not written again. It is cut, and the next one begun, before anyone hears of the failure:
   * what was refused is not found again after a crash.
   */
  async #abandon(error: unknown): Promise<undefined> {
    const { logger } = this.#options;
    logger.error({ err: error, end: this.end }, 'a flush failed');
    if (this.#file) this.#finish(this.#file, false);
    this.#file = undefined;
    await this.#finishing;
    try {
      await this.#nextFile();
    } catch (cause) {
      logger.error({ err: cause }, 'no new log file can be begun');
    }
    this.#markGiven = this.#mark;
    this.#queue.rejectAll(unavailable('The log could not be written.', error));
    return undefined;
  }
}

function unavailable(message: string, cause?: unknown): TributaryError {
  return new TributaryError('log_unavailable', message, { cause });
}
