import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Offset } from '../../core/event-log.ts';
import { type InputRange, InputRanges } from '../../core/input-ranges.ts';
import type { CoveredRange, KeySet, KeySetStats } from '../../core/key-set.ts';
import type { Logger } from '../../core/logger.ts';
import { chooseMerge } from './choose-merge.ts';
import { expiredRuns, horizonOf } from './expired-runs.ts';
import { Generation } from './generation.ts';
import { KeyTable } from './key-table.ts';
import { mergeRuns } from './merge-runs.ts';
import type { Run } from './run.ts';
import type { RunFooter } from './run-format.ts';
import { RunWriter } from './run-writer.ts';

export interface FileKeySetParts {
  readonly folder: string;
  readonly windowMs: number;
  /** 2^bits home slots in a table. */
  readonly tableBits: number;
  readonly identity: string;
  readonly logger: Logger;
  /** Runs found at opening, in the order of the input. */
  readonly runs: Run[];
  readonly damaged: boolean;
  /** Number of the next file. */
  readonly nextFile: number;
}

/** Keys written at once. */
const pieceKeys = 64 * 1_024;
/** A table is written when it is this full… */
const fullAt = 0.66;
/** …or when its keys span this share of the window and are at least so many. */
const spanShare = 1 / 8;
const leastKeys = 1_024;

/** The key set on files: see `open-key-set` for format, bounds and recovery. */
export class FileKeySet implements KeySet {
  readonly damaged: boolean;
  readonly #parts: FileKeySetParts;
  readonly #span: number;
  readonly #fullKeys: number;
  readonly #mostKeys: number;
  /** In the order of the input, replaced whole. */
  #runs: readonly Run[];
  #active: Generation;
  /** Full, and being written. */
  #frozen: Generation | undefined;
  #spare: KeyTable | undefined;
  #nextFile: number;
  #work: Promise<void> = Promise.resolve();
  #closing = false;

  constructor(parts: FileKeySetParts) {
    this.#parts = parts;
    this.damaged = parts.damaged;
    this.#runs = parts.runs;
    this.#nextFile = parts.nextFile;
    this.#span = parts.windowMs * spanShare;
    this.#fullKeys = Math.floor(2 ** parts.tableBits * fullAt);
    this.#mostKeys = Math.floor(2 ** parts.tableBits * 0.9);
    this.#active = new Generation(new KeyTable(parts.tableBits));
  }

  add(hi: number, lo: number, receivedAt: number): boolean {
    if (this.#active.table.has(hi, lo) || this.#frozen?.table.has(hi, lo) === true) return false;
    const runs = this.#runs;
    for (let index = runs.length - 1; index >= 0; index--) {
      if (runs[index]?.has(hi, lo) === true) return false;
    }
    assert(this.#active.table.size < this.#mostKeys, 'cover is called before the table is full');
    this.#active.insert(hi, lo, receivedAt);
    return true;
  }

  async cover(range: CoveredRange): Promise<void> {
    const active = this.#active;
    active.cover(range);
    const { size } = active.table;
    const spans = size >= leastKeys && active.newest - active.oldest > this.#span;
    if (size < this.#fullKeys && !spans) return;
    // A table that fills faster than the last one is written waits for it.
    if (this.#frozen !== undefined) await this.#work;
    // One that could not be written is tried once more before it has to go.
    if (this.#frozen !== undefined) await this.#tidy(this.#frozen);
    this.#freeze();
  }

  get covered(): readonly InputRange[] {
    return this.#runs.flatMap(({ footer }) => footer.ranges);
  }

  get seenTo(): Offset {
    return Math.max(0, ...this.#runs.map(({ footer }) => footer.seenTo));
  }

  get seenNeededFrom(): Offset {
    const starts = [
      ...this.#runs.map(({ footer }) => footer.seenFrom),
      this.#frozen?.seenFrom ?? Number.POSITIVE_INFINITY,
      this.#active.seenFrom,
    ];
    const first = Math.min(...starts);
    return Number.isFinite(first) ? first : 0;
  }

  get durableTo(): Offset {
    return Math.max(0, ...this.covered.map(({ to }) => to));
  }

  get horizon(): number {
    return horizonOf(this.#footers, this.#parts.windowMs);
  }

  stats(): KeySetStats {
    const tables = [this.#active.table, this.#frozen?.table, this.#spare];
    const inTables = this.#active.table.size + (this.#frozen?.table.size ?? 0);
    return {
      keys: this.#footers.reduce((sum, { count }) => sum + count, inTables),
      files: this.#runs.length,
      memoryBytes:
        tables.reduce((sum, table) => sum + (table?.bytes ?? 0), 0) +
        this.#runs.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  /** Waits for files being written or merged, for tests and the fill script. */
  settle(): Promise<void> {
    return this.#work;
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#work;
    await Promise.all(this.#runs.map((run) => run.close()));
  }

  get #footers(): readonly RunFooter[] {
    return this.#runs.map(({ footer }) => footer);
  }

  #freeze(): void {
    const { logger, tableBits } = this.#parts;
    if (this.#frozen !== undefined) {
      // Its file could not be written, and memory holds no third table.
      logger.error(
        { keys: this.#frozen.table.size, ranges: this.#frozen.ranges },
        'dedupe: message ids are forgotten until the next start, because their file could not be written',
      );
      this.#spare = this.#frozen.table;
      this.#spare.clear();
    }
    const frozen = this.#active;
    this.#frozen = frozen;
    this.#active = new Generation(this.#spare ?? new KeyTable(tableBits));
    this.#spare = undefined;
    this.#work = this.#work.then(() => this.#tidy(frozen));
  }

  /** Writes the frozen table, deletes what left the window, merges. Never rejects. */
  async #tidy(frozen: Generation): Promise<void> {
    try {
      if (this.#closing) return;
      const run = await this.#writeTable(frozen);
      if (run === undefined) return;
      this.#runs = inInputOrder([...this.#runs, run]);
      this.#frozen = undefined;
      frozen.table.clear();
      this.#spare = frozen.table;
      await this.#expire();
      while (!this.#closing && (await this.#merge()));
    } catch (cause) {
      this.#parts.logger.error({ err: cause }, 'dedupe: files of message ids could not be kept up');
    }
  }

  async #writeTable(generation: Generation): Promise<Run | undefined> {
    const { table, oldest, newest, ranges, seenFrom, seenTo } = generation;
    const { identity } = this.#parts;
    return this.#write(
      table.size,
      { oldest, newest, ranges, seenFrom, seenTo, identity },
      (writer) => this.#writeKeys(table, writer),
    );
  }

  async #writeKeys(table: KeyTable, writer: RunWriter): Promise<boolean> {
    const piece = new Uint32Array(pieceKeys * 2);
    for (let from = 0; ; ) {
      if (this.#closing) return false;
      const { next, words } = table.copy(from, piece);
      if (words === 0) return true;
      await writer.push(piece.subarray(0, words));
      from = next;
    }
  }

  async #expire(): Promise<void> {
    const flags = expiredRuns(this.#footers, this.#parts.windowMs);
    const gone = this.#runs.filter((_run, index) => flags[index] === true);
    this.#runs = this.#runs.filter((_run, index) => flags[index] !== true);
    for (const run of gone) await run.remove();
  }

  /** Merges once where it is due; false when it is nowhere. */
  async #merge(): Promise<boolean> {
    const due = chooseMerge(this.#footers, this.#span);
    if (due === undefined) return false;
    const olds = this.#runs.slice(due.from, due.to);
    const footers = olds.map(({ footer }) => footer);
    const ranges = new InputRanges(footers.flatMap((footer) => footer.ranges)).all;
    const facts = {
      oldest: Math.min(...footers.map(({ oldest }) => oldest)),
      newest: Math.max(...footers.map(({ newest }) => newest)),
      ranges,
      seenFrom: Math.min(...footers.map(({ seenFrom }) => seenFrom)),
      seenTo: Math.max(...footers.map(({ seenTo }) => seenTo)),
      identity: this.#parts.identity,
    };
    const most = footers.reduce((sum, { count }) => sum + count, 0);
    const merged = await this.#write(most, facts, (writer) =>
      mergeRuns(olds, writer, () => this.#closing),
    );
    if (merged === undefined) return false;
    this.#runs = inInputOrder([...this.#runs.filter((run) => !olds.includes(run)), merged]);
    for (const run of olds) await run.remove();
    return true;
  }

  /** Undefined when the set is being closed: nothing of the file remains. */
  async #write(
    most: number,
    facts: Omit<RunFooter, 'count'>,
    fill: (writer: RunWriter) => Promise<boolean>,
  ): Promise<Run | undefined> {
    const name = `${String(this.#nextFile++).padStart(10, '0')}.run`;
    const writer = await RunWriter.create(join(this.#parts.folder, name), most);
    let run: Run | undefined;
    try {
      if (await fill(writer)) run = await writer.finish(facts);
    } finally {
      if (run === undefined) await writer.abandon();
    }
    return run;
  }
}

/** By the end of what they cover: a run that mends a hole and goes on behind it belongs at the end. */
export function inInputOrder(runs: readonly Run[]): Run[] {
  const end = ({ footer }: Run) => footer.ranges.at(-1)?.to ?? 0;
  return runs.toSorted((a, b) => end(a) - end(b));
}
