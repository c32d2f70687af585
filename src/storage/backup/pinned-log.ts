import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../log/file/error-code.ts';
import { decodeFileHeader, fileHeaderBytes } from '../log/file/file-header.ts';
import { linkFiles } from '../log/file/link-files.ts';
import { type LogFile, listLogNumbers, logPath } from '../log/file/log-folder.ts';
import { byteOf, fileOf } from '../log/file/log-offset.ts';
import { EndWord, type PublishedEnd } from '../log/file/published-end.ts';

/** A file of the log, and how much of it counts. */
interface PinnedFile {
  readonly number: number;
  readonly handle: FileHandle;
  readonly bytes: number;
}

/** A log as of one moment. */
export interface LogCut {
  readonly name: string;
  readonly files: readonly PinnedFile[];
  readonly end: PublishedEnd | undefined;
  /** False when a file is missing between those last held and those of the mark, or was missing before. */
  readonly whole: boolean;
}

/**
 * One log (`accepted-0`) of a writer that goes on writing. Its files only grow and are deleted whole, so an open
 * file is a fixed one up to the published end, also after retention has deleted it. No lock, nothing left behind.
 */
export class PinnedLog {
  readonly #name: string;
  readonly #folder: string;
  readonly #handles = new Map<number, FileHandle>();
  /** Numbers of the files that were there when they were last held. */
  #held: readonly number[] = [];
  #end: PublishedEnd | undefined;

  /** `name`: of the folder below `dir`. */
  constructor(dir: string, name: string) {
    this.#name = name;
    this.#folder = join(dir, name);
  }

  /** Opens what there is: from now on retention takes nothing of it from us. */
  async hold(): Promise<void> {
    this.#held = await this.#open();
  }

  /** Fixes the moment: whatever was acknowledged before the call is in the cut. */
  async mark(): Promise<void> {
    const word = new EndWord(this.#folder);
    this.#end = word.read();
    word.close();
    await this.#open();
  }

  /** The log as of the last `mark`. */
  async cut(): Promise<LogCut> {
    const [name, end] = [this.#name, this.#end];
    const all = await this.#files(end);
    if (isWhole(all, end)) return { name, files: all, end, whole: true };
    // Retention has deleted files that were begun between two holds, and so whatever is older.
    const files = all.filter(({ number }) => number >= (this.#held[0] ?? 0));
    return { name, files, end, whole: isWhole(files, end) };
  }

  async #open(): Promise<readonly number[]> {
    const numbers = await listLogNumbers(this.#folder);
    for (const number of numbers) {
      if (this.#handles.has(number)) continue;
      const handle = await openIfThere(logPath(this.#folder, number));
      if (handle !== undefined) this.#handles.set(number, handle);
    }
    return numbers;
  }

  async #files(end: PublishedEnd | undefined): Promise<(LogFile & PinnedFile)[]> {
    const last = end === undefined ? Number.POSITIVE_INFINITY : fileOf(end.end);
    const files: (LogFile & PinnedFile)[] = [];
    for (const [number, handle] of [...this.#handles].sort(([a], [b]) => a - b)) {
      if (number > last) continue;
      const { size } = await handle.stat();
      const bytes = end && number === last ? byteOf(end.end) : size;
      files.push({ number, handle, bytes, ...(await headerOf(handle)) });
    }
    return files;
  }

  async close(): Promise<void> {
    for (const handle of this.#handles.values()) await handle.close();
    this.#handles.clear();
  }
}

function isWhole(files: readonly LogFile[], end: PublishedEnd | undefined): boolean {
  const hasEnd = end === undefined || files.at(-1)?.number === fileOf(end.end);
  return hasEnd && linkFiles(files).damaged.length === 0;
}

async function headerOf(handle: FileHandle): Promise<Pick<LogFile, 'header' | 'headerDamaged'>> {
  const bytes = Buffer.alloc(fileHeaderBytes);
  const { bytesRead } = await handle.read(bytes, 0, fileHeaderBytes, 0);
  const decoded = decodeFileHeader(bytes.subarray(0, bytesRead));
  return { header: decoded?.header, headerDamaged: decoded?.damaged ?? true };
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    // Deleted since it was listed.
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
