import { type FileHandle, open } from 'node:fs/promises';
import { limits } from '../../../core/limits.ts';

/** Open files by path, the least recently used closed beyond a bound. Safe under concurrent use. */
export class OpenHandles {
  readonly #entries = new Map<string, Entry>();

  /** Runs `task` with the file open for reading. Rejects as `open` does. */
  async use<T>(path: string, task: (handle: FileHandle) => Promise<T>): Promise<T> {
    const entry = this.#entries.get(path) ?? { handle: open(path, 'r'), users: 0 };
    this.#entries.delete(path);
    this.#entries.set(path, entry);
    entry.users++;
    try {
      return await task(await entry.handle);
    } catch (error) {
      this.#entries.delete(path);
      throw error;
    } finally {
      entry.users--;
      await this.#closeBeyond(limits.logOpenFiles);
      if (entry.users === 0 && this.#entries.get(path) !== entry) await close(entry);
    }
  }

  /** Forgets a file that was deleted. */
  async forget(path: string): Promise<void> {
    const entry = this.#entries.get(path);
    this.#entries.delete(path);
    if (entry?.users === 0) await close(entry);
  }

  async close(): Promise<void> {
    await this.#closeBeyond(0);
  }

  async #closeBeyond(most: number): Promise<void> {
    for (const [path, entry] of this.#entries) {
      if (this.#entries.size <= most) return;
      if (entry.users > 0) continue;
      this.#entries.delete(path);
      await close(entry);
    }
  }
}

interface Entry {
  readonly handle: Promise<FileHandle>;
  users: number;
  closed?: boolean;
}

/** A handle that could not be opened needs no closing: `use` has reported why. */
async function close(entry: Entry): Promise<void> {
  if (entry.closed) return;
  entry.closed = true;
  const [result] = await Promise.allSettled([entry.handle]);
  if (result.status === 'fulfilled') await result.value.close();
}
