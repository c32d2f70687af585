import { randomBytes } from 'node:crypto';
import { copyFile, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../core/clock.ts';
import type { ObjectBody } from '../../../core/object-store.ts';
import { codeOf } from './disk-failure.ts';
import { makeFolder } from './flushed-folders.ts';

const staleMs = 24 * 60 * 60 * 1000;

/** The folder of files that have no name among the objects yet. */
export class Incoming {
  readonly #folder: string;
  readonly #clock: Clock;

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** Removes what a crash has left. Younger files may be another process's, in the middle of its work. */
  async begin(): Promise<void> {
    await makeFolder(this.#folder);
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      try {
        const { mtimeMs } = await stat(path);
        if (mtimeMs < this.#clock.now() - staleMs) await unlink(path);
      } catch (error) {
        if (codeOf(error) !== 'ENOENT') throw error;
      }
    }
  }

  /** Writes it, flushed, and gives its path. A file on the same disk is only moved. */
  async take(body: ObjectBody): Promise<string> {
    const path = join(this.#folder, randomBytes(12).toString('hex'));
    await makeFolder(this.#folder);
    if (body instanceof Uint8Array) {
      const file = await open(path, 'wx', 0o600);
      try {
        await file.writeFile(body);
        await file.sync();
      } finally {
        await file.close();
      }
      return path;
    }
    await flush(body.file);
    try {
      await rename(body.file, path);
    } catch (error) {
      if (codeOf(error) !== 'EXDEV') throw error;
      await copyFile(body.file, path);
      await flush(path);
      await unlink(body.file);
    }
    return path;
  }

  /** It has its name now, or will not get one. */
  async remove(path: string): Promise<void> {
    try {
      await unlink(path);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
