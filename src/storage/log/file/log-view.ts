import type { Offset } from '../../../core/event-log.ts';
import { limits } from '../../../core/limits.ts';
import { BlockIndex } from './block-index.ts';
import { commitHeaderBytes } from './commit-header.ts';
import { errorCode } from './error-code.ts';
import { fileHeaderBytes } from './file-header.ts';
import { type FileChain, type LinkedFile, linkFiles } from './link-files.ts';
import { type LogFile, listLogNumbers, logPath, readLogFile, readLogFiles } from './log-folder.ts';
import { byteOf, fileOf, offsetOf } from './log-offset.ts';
import type { OpenHandles } from './open-handles.ts';
import { EndWord } from './published-end.ts';
import { recordBytes, recordSource } from './record-codec.ts';
import { readChunk, type VerifiedChunk } from './verified-chunk.ts';

const placesKept = 256;
/** Room for the next commit to be a little larger than the largest one so far. */
const readSlack = 64 * 1_024;

/** A byte of a file that is part of the log. */
export interface Place {
  readonly link: LinkedFile;
  readonly number: number;
  readonly byte: number;
  /** Where the file ends. */
  readonly end: number;
}

/**
 * One log as the readers of a process see it: its end, its files, and the stretches of it that were
 * read last. A writer in the same process moves the end; else it is read from the folder.
 */
export class LogView {
  readonly folder: string;
  end: Offset = 0;
  mark: Offset = 0;
  readonly #handles: OpenHandles;
  readonly #word: EndWord;
  readonly #waiting = new Set<Waiter>();
  readonly #headers = new Map<number, LogFile>();
  readonly #indexes = new Map<number, Promise<BlockIndex>>();
  readonly #live = new Map<number, BlockIndex>();
  readonly #reading = new Map<Offset, Promise<VerifiedChunk>>();
  #chunks: VerifiedChunk[] = [];
  /** Boundaries between commits that were met, newest last. */
  #places: Offset[] = [];
  #chain: FileChain = { files: [], dead: [], damaged: [] };
  #chainOf = -1;
  #local = 0;
  /** What a commit has turned out to need that was larger than a read. */
  #usualBytes = 0;

  constructor(folder: string, handles: OpenHandles) {
    this.folder = folder;
    this.#handles = handles;
    this.#word = new EndWord(folder);
  }

  /** A writer of this process takes over: only it moves the end until `released`. */
  taken(): void {
    this.#local++;
  }

  released(): void {
    this.#local--;
  }

  /** The end moved. */
  advance(end: Offset, mark: Offset): void {
    if (end <= this.end) return;
    this.end = end;
    this.mark = Math.max(this.mark, mark);
    for (const waiter of this.#waiting) {
      if (waiter.from < end) waiter.resolve(true);
    }
  }

  /** Takes over what another process published. */
  refresh(): void {
    if (this.#local > 0) return;
    const word = this.#word.read();
    if (word) this.advance(word.end, word.mark);
  }

  /** Resolves true once the end is above `from`, false when `signal` aborts or `owner` is dismissed. */
  wait(owner: object, from: Offset, signal: AbortSignal): Promise<boolean> {
    if (from < this.end) return Promise.resolve(true);
    if (signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        owner,
        from,
        resolve: (found) => {
          this.#waiting.delete(waiter);
          signal.removeEventListener('abort', abort);
          resolve(found);
        },
      };
      const abort = () => waiter.resolve(false);
      signal.addEventListener('abort', abort);
      this.#waiting.add(waiter);
    });
  }

  dismiss(owner: object): void {
    for (const waiter of this.#waiting) {
      if (waiter.owner === owner) waiter.resolve(false);
    }
  }

  /**
   * The files up to the end, and that end. Reads the folder when the end has moved to another file, and again when it
   * has moved on meanwhile: a list that lacks the file of the end would make what stands there look like nothing.
   */
  async files(): Promise<FileChain & { readonly end: Offset }> {
    for (;;) {
      this.refresh();
      const { end } = this;
      if (end > 0 && this.#chainOf === fileOf(end)) return { ...this.#chain, end };
      const chain = await this.#list(end);
      if (chain.files.length === 0 && this.end === end) return { ...chain, end };
    }
  }

  /** Reads the folder: every file up to `end` stands in it. */
  async #list(end: Offset): Promise<FileChain> {
    const listed = await listLogNumbers(this.folder);
    const numbers = listed.filter((number) => end === 0 || number <= fileOf(end));
    const unknown = numbers.filter((number) => !this.#headers.has(number));
    for (const file of await readLogFiles(this.folder, unknown)) {
      // Without a published end, a file without a header may be one that is just being begun.
      if (file.header || end > 0) this.#headers.set(file.number, file);
    }
    const files: LogFile[] = [];
    for (const number of numbers) {
      const file = this.#headers.get(number);
      if (file) files.push(file);
    }
    await this.#forgetAllBut(new Set(numbers));
    const chain = linkFiles(files);
    const last = chain.files.at(-1);
    if (!last) return chain;
    // Nothing was ever published: what the next writer will keep of the last file is not known yet.
    if (this.end === 0) {
      this.end = offsetOf(last.file.number, fileHeaderBytes);
      this.mark = last.file.header?.mark ?? 0;
    }
    this.#chain = chain;
    this.#chainOf = end === 0 ? last.file.number : fileOf(end);
    return chain;
  }

  /** Looks at the folder again: a file is gone. */
  forgetFiles(): void {
    this.#chainOf = -1;
  }

  /** Another process may have trimmed the log. */
  async noticeTrim(): Promise<void> {
    const numbers = await listLogNumbers(this.folder);
    if (numbers.at(0) !== this.#chain.files.at(0)?.file.number) this.forgetFiles();
  }

  /** Where `offset` leads: into its file, or into the next one. Undefined at the end of the log. */
  async place(offset: Offset): Promise<Place | undefined> {
    const { files, end } = await this.files();
    const number = fileOf(offset);
    for (let i = firstFrom(files, number); i < files.length; i++) {
      const link = files[i];
      if (!link) break;
      const file = link.file;
      const byte =
        file.number === number ? Math.max(byteOf(offset), fileHeaderBytes) : fileHeaderBytes;
      const fileEnd =
        file.number === fileOf(end) ? byteOf(end) : (link.end ?? (await this.#sizeOf(file.number)));
      if (byte < fileEnd) return { link, number: file.number, byte, end: fileEnd };
    }
    return undefined;
  }

  /** The verified stretch that holds `place`; it may begin before it. `boundary`: a commit begins there. */
  async chunk(place: Place, bytes: number, boundary: boolean): Promise<VerifiedChunk> {
    const { number, byte } = place;
    const kept = this.#chunks.find((c) => c.number === number && c.from <= byte && byte < c.to);
    if (kept) return kept;
    let start = boundary ? byte : await this.#boundaryBefore(place);
    for (;;) {
      const chunk = await this.#readShared(place, start, bytes);
      if (chunk.to > byte) return chunk;
      start = chunk.to;
    }
  }

  /** The index of a file; built from the file when none was kept. Undefined while it is being written. */
  async index(place: Place): Promise<BlockIndex | undefined> {
    const live = this.#live.get(place.number);
    if (live) return live;
    if (place.number === fileOf(this.end)) return undefined;
    const index =
      this.#indexes.get(place.number) ??
      BlockIndex.load(this.folder, place.number, place.end).then(
        (saved) => saved ?? this.#buildIndex(place),
      );
    this.#indexes.delete(place.number);
    this.#indexes.set(place.number, index);
    for (const number of this.#indexes.keys()) {
      if (this.#indexes.size <= limits.logIndexesKept) break;
      this.#indexes.delete(number);
    }
    return index.catch((error: unknown) => {
      this.#indexes.delete(place.number);
      throw error;
    });
  }

  /** The index that the writer of this process fills. */
  setLiveIndex(number: number, index: BlockIndex): void {
    this.#live.set(number, index);
    for (const other of this.#live.keys()) {
      if (this.#live.size <= limits.logIndexesKept) break;
      this.#live.delete(other);
    }
  }

  close(): void {
    for (const waiter of this.#waiting) waiter.resolve(false);
    this.#chunks = [];
    this.#word.close();
  }

  /** A file that was trimmed takes its space until nobody has it open. */
  async #forgetAllBut(kept: ReadonlySet<number>): Promise<void> {
    for (const number of this.#headers.keys()) {
      if (kept.has(number)) continue;
      this.#headers.delete(number);
      this.#indexes.delete(number);
      this.#live.delete(number);
      await this.#handles.forget(logPath(this.folder, number));
    }
  }

  async #read(place: Place, start: number, bytes: number): Promise<VerifiedChunk> {
    const path = logPath(this.folder, place.number);
    const salt = place.link.file.header?.salt;
    const wanted = Math.max(bytes, this.#usualBytes);
    const chunk = await this.#handles.use(path, (handle) =>
      readChunk({ handle, number: place.number, salt, end: place.end }, start, wanted),
    );
    // The first commit did not fit and was read again: the next ones will be about as large.
    if (chunk.buffer.length > wanted) {
      this.#usualBytes = Math.min(chunk.buffer.length + readSlack, 2 * limits.logReadBytes);
    }
    return chunk;
  }

  /** Readers that want the same stretch at the same time share one read of it. */
  #readShared(place: Place, start: number, bytes: number): Promise<VerifiedChunk> {
    const key = offsetOf(place.number, start);
    const reading = this.#reading.get(key);
    if (reading) return reading;
    const chunk = this.#read(place, start, bytes)
      .then((read) => {
        this.#keep(read);
        return read;
      })
      .finally(() => this.#reading.delete(key));
    this.#reading.set(key, chunk);
    return chunk;
  }

  async #boundaryBefore(place: Place): Promise<number> {
    const { number, byte } = place;
    const index = this.#live.get(number) ?? (await this.#indexes.get(number));
    let best = index?.startOf(byte) ?? fileHeaderBytes;
    for (const known of this.#places) {
      if (fileOf(known) === number && byteOf(known) <= byte) best = Math.max(best, byteOf(known));
    }
    return best;
  }

  #keep(chunk: VerifiedChunk): void {
    this.#chunks.push(chunk);
    if (this.#chunks.length > limits.logChunksKept) this.#chunks.shift();
    this.#places.push(offsetOf(chunk.number, chunk.to));
    if (this.#places.length > placesKept) this.#places.shift();
  }

  async #buildIndex(place: Place): Promise<BlockIndex> {
    const index = new BlockIndex();
    for (let at = fileHeaderBytes; at < place.end; ) {
      const { commits, buffer, from: start, to } = await this.#read(place, at, limits.logReadBytes);
      for (const commit of commits) {
        const sources = new Set<string>();
        let record = commit.start - start + commitHeaderBytes;
        for (let i = 0; i < commit.header.records; i++) {
          sources.add(recordSource(buffer, record));
          record += recordBytes(buffer, record);
        }
        index.add(commit.start, commit.header.time, sources);
      }
      at = to;
    }
    return index;
  }

  async #sizeOf(number: number): Promise<number> {
    const file = await readLogFile(this.folder, number);
    return file?.bytes ?? 0;
  }
}

interface Waiter {
  readonly owner: object;
  readonly from: Offset;
  resolve(found: boolean): void;
}

/** Index of the first file numbered `number` or above; they are ascending. */
function firstFrom(files: readonly LinkedFile[], number: number): number {
  let low = 0;
  let high = files.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((files[middle]?.file.number ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function isGone(error: unknown): boolean {
  return errorCode(error) === 'ENOENT';
}
