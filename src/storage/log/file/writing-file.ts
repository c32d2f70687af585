import { limits } from '../../../core/limits.ts';
import { encodeFileHeader, type FileHeader, fileHeaderBytes } from './file-header.ts';
import type { FileIo } from './file-io.ts';
import { deleteLogFile, logPath } from './log-folder.ts';

/** Zeros are written ahead in steps of this size; a quiet log has one. */
const zeroStep = 1024 * 1024;
const zeros = Buffer.alloc(zeroStep);

/** How a file is written. */
export interface WritingFileOptions {
  readonly io: FileIo;
  /** Nothing is zeroed beyond this size. */
  readonly fileBytes: number;
}

/**
 * The file a writer appends to. Space is zeroed ahead in the background, because overwriting costs
 * a flush about half of what growing does (`docs/decisions/file-log.md`).
 */
export class WritingFile {
  readonly header: FileHeader;
  /** Where the next group goes. */
  position = fileHeaderBytes;
  readonly #fd: number;
  /** The same file, for groups: each write is durable when it returns. */
  readonly #groupFd: number;
  readonly #options: WritingFileOptions;
  #zeroed = fileHeaderBytes;
  #zeroing: Promise<void> | undefined;
  #mayZero = true;

  private constructor(
    header: FileHeader,
    [fd, groupFd]: readonly [number, number],
    options: WritingFileOptions,
  ) {
    this.header = header;
    this.#fd = fd;
    this.#groupFd = groupFd;
    this.#options = options;
  }

  /** Creates the file and makes it durable with its name: a commit in it can be acknowledged. */
  static async create(
    folder: string,
    header: FileHeader,
    options: WritingFileOptions,
  ): Promise<WritingFile> {
    const { io } = options;
    const path = logPath(folder, header.number);
    const fds: number[] = [];
    try {
      const fd = await io.create(path);
      fds.push(fd);
      const groupFd = await io.openFlushing(path);
      fds.push(groupFd);
      await io.write(fd, encodeFileHeader(header), fileHeaderBytes, 0);
      await io.flush(fd);
      await io.flushFolder(folder);
      return new WritingFile(header, [fd, groupFd], options);
    } catch (error) {
      // Nothing in it can have been acknowledged. One that stays is named by no later file.
      for (const fd of fds) await io.close(fd);
      await deleteLogFile(folder, header.number);
      throw error;
    }
  }

  /** Writes a group at `position` and moves it, once the group is durable. */
  async write(bytes: Buffer, length: number): Promise<void> {
    const { io } = this.#options;
    const end = this.position + length;
    if (this.#zeroing && end > this.#zeroed) await this.#zeroing;
    if (end > this.#zeroed) this.#zeroed = end;
    await io.write(this.#groupFd, bytes, length, this.position);
    if (!io.flushingWrites) await io.flush(this.#groupFd);
    this.position = end;
    this.#zeroMore();
  }

  /**
   * The same on the calling thread; throws when the write fails. False, with nothing done, where that
   * cannot be: the disk is to be asked in the background.
   */
  writeNow(bytes: Buffer, length: number): boolean {
    const { io } = this.#options;
    const end = this.position + length;
    const meetsZeros = this.#zeroing !== undefined && end > this.#zeroed;
    if (io.writeNow === undefined || !io.flushingWrites || meetsZeros) return false;
    if (end > this.#zeroed) this.#zeroed = end;
    io.writeNow(this.#groupFd, bytes, length, this.position);
    this.position = end;
    this.#zeroMore();
    return true;
  }

  /** Gives back what was zeroed in vain and whatever a failed write left; closes. */
  async finish(): Promise<void> {
    this.#mayZero = false;
    await this.#zeroing;
    try {
      await this.#options.io.truncate(this.#fd, this.position);
    } finally {
      await this.#options.io.close(this.#fd);
      await this.#options.io.close(this.#groupFd);
    }
  }

  #zeroMore(): void {
    const ahead = Math.min(limits.logZeroAheadBytes, Math.max(zeroStep, this.position));
    const wanted = Math.min(this.position + ahead, this.#options.fileBytes);
    if (this.#zeroing || !this.#mayZero || this.#zeroed + zeroStep > wanted) return;
    const from = this.#zeroed;
    this.#zeroing = this.#options.io.write(this.#fd, zeros, zeroStep, from).then(
      () => {
        this.#zeroing = undefined;
        this.#zeroed = Math.max(this.#zeroed, from + zeroStep);
      },
      () => {
        // A disk without room for zeros may still take the commit, which reports its own failure.
        this.#zeroing = undefined;
        this.#mayZero = false;
      },
    );
  }
}
