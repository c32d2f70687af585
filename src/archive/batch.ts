import { createHash } from 'node:crypto';
import type { LogRecord, Offset } from '../core/event-log.ts';
import { limits } from '../core/limits.ts';
import type { ArchiveFileTable } from '../core/tables/archive-tables.ts';
import { makeMember } from './archive-format.ts';
import { folderOf } from './archived-source.ts';
import { type IndexedLine, type LineMeta, makeIndex } from './index-lines.ts';

export const dayMs = 24 * 60 * 60 * 1000;

/** What the manifest says of a file, but for when it was written. */
export type FileFacts = Omit<ArchiveFileTable, 'written_at'>;

export interface BatchFile {
  readonly facts: FileFacts;
  readonly body: Buffer;
}

/** One file as it grows. */
class GrowingFile {
  readonly key: string;
  readonly #source: string;
  readonly #day: number;
  readonly #parts: Buffer[] = [];
  #lines: Buffer[] = [];
  #indexed: IndexedLine[] = [];
  #waiting = 0;
  #events = 0;
  #offsets: [first: Offset, last: Offset] = [0, 0];
  #times: [first: number, last: number] = [0, 0];

  constructor(key: string, source: string, day: number) {
    this.key = key;
    this.#source = source;
    this.#day = day;
  }

  get waiting(): number {
    return this.#waiting;
  }

  get isFull(): boolean {
    return (
      this.#waiting >= limits.archiveMemberBytes || this.#lines.length >= limits.archiveMemberEvents
    );
  }

  add({ offset, body }: LogRecord, meta: LineMeta): void {
    const line = Buffer.allocUnsafe(body.length + 1);
    body.copy(line);
    line[body.length] = 10;
    this.#lines.push(line);
    this.#indexed.push({ offset, meta });
    this.#waiting += line.length;
    const { t } = meta;
    this.#offsets = this.#events === 0 ? [offset, offset] : [this.#offsets[0], offset];
    this.#times =
      this.#events === 0 ? [t, t] : [Math.min(this.#times[0], t), Math.max(this.#times[1], t)];
    this.#events += 1;
  }

  /** Compresses what waits. Resolves with the bytes that came of it. */
  async compress(): Promise<number> {
    if (this.#lines.length === 0) return 0;
    const member = await makeMember(makeIndex(this.#indexed), Buffer.concat(this.#lines));
    this.#parts.push(member);
    this.#lines = [];
    this.#indexed = [];
    this.#waiting = 0;
    return member.length;
  }

  finish(partition: number): BatchFile {
    const body = Buffer.concat(this.#parts);
    return {
      body,
      facts: {
        key: this.key,
        partition,
        source: this.#source,
        day: this.#day,
        first_offset: this.#offsets[0],
        last_offset: this.#offsets[1],
        first_time: this.#times[0],
        last_time: this.#times[1],
        events: this.#events,
        bytes: body.length,
        sha256: createHash('sha256').update(body).digest('hex'),
      },
    };
  }
}

/**
 * The files of one range of `events`: one a source and received day. What they are called follows from where the range
 * begins, so the same range makes the same files. In memory: at most `limits.archiveWaitingBytes` and
 * `archiveBatchFileBytes`, or little more.
 */
export class Batch {
  readonly #name: string;
  readonly #partition: number;
  readonly #files = new Map<string, GrowingFile>();
  readonly #from: Offset;
  #raw = 0;
  #waiting = 0;
  #compressed = 0;

  constructor(name: string, partition: number, from: Offset) {
    this.#name = name;
    this.#partition = partition;
    this.#from = from;
  }

  /** It takes no more than it has. */
  get isFull(): boolean {
    return (
      this.#raw >= limits.archiveBatchBytes ||
      this.#compressed >= limits.archiveBatchFileBytes ||
      this.#files.size >= limits.archiveBatchFiles
    );
  }

  /** `source`: as the manifest has it. */
  keyOf(source: string, time: number): string {
    const day = Math.floor(time / dayMs) * dayMs;
    const from = String(this.#from).padStart(16, '0');
    return `${folderOf(source)}${day}/${this.#name}-${this.#partition}-${from}.ndjson.gz`;
  }

  /** The record is copied. `source`: as the manifest has it. */
  async add(record: LogRecord, source: string, meta: LineMeta): Promise<void> {
    const key = this.keyOf(source, meta.t);
    let file = this.#files.get(key);
    if (file === undefined) {
      file = new GrowingFile(key, source, Math.floor(meta.t / dayMs) * dayMs);
      this.#files.set(key, file);
    }
    file.add(record, meta);
    this.#raw += record.body.length;
    this.#waiting += record.body.length + 1;
    if (file.isFull) await this.#compress(file);
    if (this.#waiting > limits.archiveWaitingBytes) await this.#compressAll();
  }

  async finish(): Promise<BatchFile[]> {
    await this.#compressAll();
    return [...this.#files.values()].map((file) => file.finish(this.#partition));
  }

  async #compressAll(): Promise<void> {
    for (const file of this.#files.values()) await this.#compress(file);
  }

  async #compress(file: GrowingFile): Promise<void> {
    this.#waiting -= file.waiting;
    this.#compressed += await file.compress();
  }
}
