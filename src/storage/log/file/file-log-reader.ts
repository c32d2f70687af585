import type {
  DamagedRange,
  LogReader,
  LogRecord,
  Offset,
  ReadOptions,
  ReadResult,
} from '../../../core/event-log.ts';
import { limits } from '../../../core/limits.ts';
import { commitHeaderBytes } from './commit-header.ts';
import { fileHeaderBytes } from './file-header.ts';
import { fileOf, offsetOf } from './log-offset.ts';
import { isGone, type LogView, type Place } from './log-view.ts';
import { isOfSource, readRecord, recordBytes, recordKind } from './record-codec.ts';
import type { VerifiedChunk } from './verified-chunk.ts';

const leastRead = 64 * 1024;

/** Reads one log. All state but two places is shared with the other readers of the log (`LogView`). */
export class FileLogReader implements LogReader {
  readonly #view: LogView;
  #closed = false;
  /** Where the last read stopped between two commits: the next one need not look for a boundary. */
  #boundary: Offset = -1;
  /** Damage before this offset was reported. */
  readonly #reported = new Set<Offset>();

  constructor(view: LogView) {
    this.#view = view;
  }

  async read(from: Offset, options: ReadOptions = {}): Promise<ReadResult> {
    const most = options.maxBytes ?? limits.logReadBytes;
    const source = options.source === undefined ? undefined : Buffer.from(options.source, 'latin1');
    const records: LogRecord[] = [];
    const damaged: DamagedRange[] = [];
    let next = from;
    let bytes = 0;
    await this.#walk(from, undefined, most, options.source, (chunk, start, stop) => {
      for (const range of chunk.damaged) {
        if (range.to > start) this.#report(chunk.number, range, damaged);
      }
      for (const commit of chunk.commits) {
        if (commit.end <= start) continue;
        let at = commit.start + commitHeaderBytes;
        for (let i = 0; i < commit.header.records; i++) {
          const inChunk = at - chunk.from;
          const length = recordBytes(chunk.buffer, inChunk);
          if (at >= start && (!source || isOfSource(chunk.buffer, inChunk, source))) {
            if (bytes >= most) {
              next = offsetOf(chunk.number, at);
              return false;
            }
            bytes += length;
            records.push(readRecord(chunk.buffer, inChunk, offsetOf(chunk.number, at)));
          }
          at += length;
        }
      }
      next = offsetOf(chunk.number, stop);
      this.#boundary = next;
      return bytes < most;
    });
    const end = this.#view.end;
    if (records.length === 0 && next < end && (await this.#view.place(next)) === undefined) {
      next = end;
    }
    for (const hole of (await this.#view.files()).damaged) {
      if (hole.from < next && hole.to > from) this.#reportOnce(hole, damaged);
    }
    return { records, next: Math.max(next, from), damaged };
  }

  async wait(from: Offset, signal: AbortSignal): Promise<boolean> {
    this.#view.refresh();
    await this.end();
    if (this.#closed) return false;
    return this.#view.wait(this, from, signal);
  }

  wake(): void {
    this.#view.refresh();
  }

  async start(): Promise<Offset> {
    await this.#view.noticeTrim();
    const first = (await this.#view.files()).files.at(0);
    return first ? offsetOf(first.file.number, fileHeaderBytes) : 0;
  }

  async end(): Promise<Offset> {
    await this.#view.files();
    return this.#view.end;
  }

  async mark(): Promise<Offset> {
    await this.#view.files();
    return this.#view.mark;
  }

  async offsetAt(time: number): Promise<Offset> {
    // As it is now: what is appended meanwhile stands behind it.
    const end = await this.end();
    const { files } = await this.#view.files();
    // No commit is older than its file, none of an earlier file is newer than a later one.
    const before = files.findLast(
      ({ file }) => file.header !== undefined && file.header.time < time,
    );
    const first = before ?? files.at(0);
    if (!first) return end;
    let found: Offset | undefined;
    let at = offsetOf(first.file.number, fileHeaderBytes);
    const place = await this.#view.place(at);
    const index = place?.number === first.file.number ? await this.#view.index(place) : undefined;
    const start = index?.startBefore(time);
    if (start !== undefined) at = offsetOf(first.file.number, start);
    await this.#walk(at, undefined, limits.logReadBytes, undefined, (chunk, from) => {
      const commit = chunk.commits.find((c) => c.start >= from && c.header.time >= time);
      if (commit) found = offsetOf(chunk.number, commit.start);
      return commit === undefined;
    });
    return found ?? end;
  }

  async count(from: Offset, to: Offset, source: string, kinds: readonly number[]): Promise<number> {
    const wanted = Buffer.from(source, 'latin1');
    let count = 0;
    await this.#walk(from, to, limits.logReadBytes, source, (chunk, start) => {
      for (const commit of chunk.commits) {
        if (commit.end <= start) continue;
        let at = commit.start + commitHeaderBytes;
        for (let i = 0; i < commit.header.records; i++) {
          const inChunk = at - chunk.from;
          if (at >= start && offsetOf(chunk.number, at) < to) {
            if (
              kinds.includes(recordKind(chunk.buffer, inChunk)) &&
              isOfSource(chunk.buffer, inChunk, wanted)
            ) {
              count++;
            }
          }
          at += recordBytes(chunk.buffer, inChunk);
        }
      }
      return true;
    });
    return count;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#view.dismiss(this);
  }

  /**
   * Calls `visit` for each stretch from `from` on, with the first byte wanted of it and the byte
   * behind it, until it returns false, `to` or the end of the log. Blocks without records of
   * `source` are passed over where an index says so.
   */
  async #walk(
    from: Offset,
    to: Offset | undefined,
    bytes: number,
    source: string | undefined,
    visit: (chunk: VerifiedChunk, start: number, stop: number) => boolean,
  ): Promise<void> {
    const size = Math.min(
      Math.max(Math.ceil(bytes / leastRead), 1) * leastRead,
      limits.logReadBytes,
    );
    let at = from;
    for (;;) {
      const place = await this.#view.place(at);
      if (!place || (to !== undefined && offsetOf(place.number, place.byte) >= to)) return;
      try {
        const start = source === undefined ? place.byte : await this.#skip(place, source);
        if (start >= place.end) {
          at = offsetOf(place.number, place.end);
          continue;
        }
        const boundary = start > place.byte || start === fileHeaderBytes || at === this.#boundary;
        const chunk = await this.#view.chunk({ ...place, byte: start }, size, boundary);
        if (!visit(chunk, start, chunk.to)) return;
        at = offsetOf(place.number, chunk.to);
      } catch (error) {
        // Trimmed meanwhile: the next file that is left goes on.
        if (!isGone(error)) throw error;
        this.#view.forgetFiles();
        at = offsetOf(fileOf(at) + 1, 0);
      }
    }
  }

  async #skip(place: Place, source: string): Promise<number> {
    if (place.end - place.byte < limits.logReadBytes) return place.byte;
    const index = await this.#view.index(place);
    return index ? index.nextOf(source, place.byte, place.end) : place.byte;
  }

  #report(
    number: number,
    range: { from: number; to: number; reason: string },
    damaged: DamagedRange[],
  ): void {
    const from = offsetOf(number, range.from);
    this.#reportOnce({ from, to: offsetOf(number, range.to), reason: range.reason }, damaged);
  }

  #reportOnce(range: DamagedRange, damaged: DamagedRange[]): void {
    if (this.#reported.has(range.from)) return;
    this.#reported.add(range.from);
    damaged.push(range);
  }
}
