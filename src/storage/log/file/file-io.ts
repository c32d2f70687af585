import { close, constants, fdatasync, ftruncate, open, write, writeSync } from 'node:fs';
import { open as openHandle } from 'node:fs/promises';

/**
 * The calls by which a writer changes the disk. Real ones by default; a test gives others to see
 * what a full or failing disk does. Each rejects with the system's error.
 */
export interface FileIo {
  /** Writes to a file of `openFlushing` need no `flush`: one trip to the thread pool, not two. */
  readonly flushingWrites: boolean;
  /** Creates a file that must not exist yet. */
  create(path: string): Promise<number>;
  /** Opens a file for writing; with `flushingWrites`, each write returns only once it is durable. */
  openFlushing(path: string): Promise<number>;
  /**
   * The same as `write`, to a file of `openFlushing`, on the calling thread, which it blocks meanwhile.
   * Throws the system's error. Only with `flushingWrites`.
   */
  readonly writeNow?:
    | ((fd: number, bytes: Buffer, length: number, position: number) => void)
    | undefined;
  /** Writes all of bytes [0, length) at `position`. */
  write(fd: number, bytes: Buffer, length: number, position: number): Promise<void>;
  /** Makes what was written durable. */
  flush(fd: number): Promise<void>;
  truncate(fd: number, length: number): Promise<void>;
  close(fd: number): Promise<void>;
  /** Makes the names in a folder durable. */
  flushFolder(path: string): Promise<void>;
}

const dsync = process.platform === 'linux';

export const systemFileIo: FileIo = {
  flushingWrites: dsync,
  create: (path) => openFile(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL),
  openFlushing: (path) => openFile(path, constants.O_RDWR | (dsync ? constants.O_DSYNC : 0)),
  writeNow: (fd, bytes, length, position) => {
    for (let start = 0; start < length; ) {
      start += writeSync(fd, bytes, start, length - start, position + start);
    }
  },
  write: (fd, bytes, length, position) =>
    new Promise((resolve, reject) => {
      const writeFrom = (start: number) => {
        write(fd, bytes, start, length - start, position + start, (error, written) => {
          if (error) reject(error);
          else if (start + written < length) writeFrom(start + written);
          else resolve();
        });
      };
      writeFrom(0);
    }),
  flush: (fd) =>
    new Promise((resolve, reject) => {
      fdatasync(fd, (error) => (error ? reject(error) : resolve()));
    }),
  truncate: (fd, length) =>
    new Promise((resolve, reject) => {
      ftruncate(fd, length, (error) => (error ? reject(error) : resolve()));
    }),
  close: (fd) =>
    new Promise((resolve, reject) => {
      close(fd, (error) => (error ? reject(error) : resolve()));
    }),
  flushFolder: async (path) => {
    if (process.platform === 'win32') return;
    const handle = await openHandle(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

function openFile(path: string, flags: number): Promise<number> {
  return new Promise((resolve, reject) => {
    open(path, flags, 0o640, (error, fd) => (error ? reject(error) : resolve(fd)));
  });
}
