import type { BigIntStats, Dirent } from 'node:fs';
import { link, open, readdir, readFile, rename, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../../../core/clock.ts';
import type { ObjectInfo, ObjectStore, PutOptions, PutResult } from '../../../core/object-store.ts';
import { checkKey, ownPrefix } from '../check-key.ts';
import { codeOf, diskFailure } from './disk-failure.ts';
import { makeFolder, syncFolder } from './flushed-folders.ts';
import { Incoming } from './incoming.ts';

/**
 * Objects as files of a folder, the key being the path below it.
 *
 * What is written goes to `.tributary-incoming/` first, is flushed, and gets its name in one step (rename, or
 * link where it must be new); then the folder is flushed. So a file that has its name is whole, and a crash leaves at
 * most a file in `.tributary-incoming`, which goes when it is a day old. Folders that become empty are removed.
 */
export async function openDiskObjects(folder: string, clock: Clock): Promise<ObjectStore> {
  const pathOf = (key: string) => {
    checkKey(key);
    return join(folder, key);
  };
  const incoming = new Incoming(join(folder, `${ownPrefix}-incoming`), clock);
  await translated(folder, async () => {
    await makeFolder(folder);
    await incoming.begin();
  });

  async function find(key: string): Promise<ObjectInfo | undefined> {
    const path = pathOf(key);
    return translated(key, async () => infoOf(key, await statOf(path)));
  }

  /** A folder on the way may be removed by a `delete` just then: it is made again. */
  async function name(from: string, path: string, isNew: boolean): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      try {
        await makeFolder(dirname(path));
        if (isNew) await link(from, path);
        else await rename(from, path);
        await syncFolder(dirname(path));
        return true;
      } catch (error) {
        if (isNew && codeOf(error) === 'EEXIST') return false;
        if (codeOf(error) !== 'ENOENT' || tries === 3) throw error;
      }
    }
  }

  async function put(key: string, from: string, { onlyIf }: PutOptions): Promise<PutResult> {
    const path = pathOf(key);
    const written = infoOf(key, await statOf(from));
    if (typeof onlyIf === 'object' && (await find(key))?.etag !== onlyIf.etag) return { ok: false };
    if (!(await name(from, path, onlyIf === 'absent')) || written === undefined) {
      return { ok: false };
    }
    return { ok: true, etag: written.etag };
  }

  return {
    place: `file:${folder}`,
    find,
    put: async (key, body, options = {}) => {
      checkKey(key);
      return translated(key, async () => {
        const from = await incoming.take(body);
        try {
          return await put(key, from, options);
        } finally {
          await incoming.remove(from);
        }
      });
    },
    get: async (key) => {
      const path = pathOf(key);
      return translated(key, async () => {
        const file = await openOf(path);
        if (file === undefined) return undefined;
        try {
          const info = infoOf(key, await file.stat({ bigint: true }));
          return info && { ...info, body: await readFile(file) };
        } finally {
          await file.close();
        }
      });
    },
    open: async (key) => {
      const path = pathOf(key);
      return translated(key, async () => {
        const file = await openOf(path);
        if (file === undefined) return undefined;
        const info = infoOf(key, await file.stat({ bigint: true }));
        if (info !== undefined) return { ...info, stream: file.createReadStream() };
        await file.close();
        return undefined;
      });
    },
    list: (prefix) => walk(folder, '', prefix),
    delete: async (key) => {
      const path = pathOf(key);
      await translated(key, async () => {
        try {
          await unlink(path);
        } catch (error) {
          if (!isAbsent(error)) throw error;
          return;
        }
        await removeEmpty(folder, dirname(path));
      });
    },
    close: async () => undefined,
  };
}

/** The objects below a folder, with prefixes of no interest left out. */
async function* walk(root: string, below: string, prefix: string): AsyncGenerator<ObjectInfo> {
  const entries = await translated(below, () => entriesOf(join(root, below)));
  // In the order of whole keys a folder stands where its name and a `/` would.
  const keyed = entries
    .filter(({ name }) => !name.startsWith(ownPrefix))
    .map((entry) => {
      const key = `${below}${entry.name}${entry.isDirectory() ? '/' : ''}`;
      return { key, bytes: Buffer.from(key), isFolder: entry.isDirectory() };
    })
    .toSorted((one, other) => Buffer.compare(one.bytes, other.bytes));
  for (const { key, isFolder } of keyed) {
    if (isFolder && (key.startsWith(prefix) || prefix.startsWith(key))) {
      yield* walk(root, key, prefix);
    } else if (!isFolder && key.startsWith(prefix)) {
      const info = await translated(key, async () => infoOf(key, await statOf(join(root, key))));
      if (info !== undefined) yield info;
    }
  }
}

async function entriesOf(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

async function statOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

async function openOf(path: string) {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Each content is a file of its own: number, time and size of it tell one from another. */
function infoOf(key: string, known: BigIntStats | undefined): ObjectInfo | undefined {
  if (known?.isFile() !== true) return undefined;
  const etag = [known.ino, known.mtimeNs, known.size].map((n) => n.toString(36)).join('-');
  return { key, bytes: Number(known.size), etag };
}

async function removeEmpty(root: string, folder: string): Promise<void> {
  for (let at = folder; at !== root; at = dirname(at)) {
    try {
      await rmdir(at);
    } catch (error) {
      // Something is in it, or somebody else has removed it.
      if (['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(codeOf(error))) return;
      throw error;
    }
  }
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
}

async function translated<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw diskFailure(what, error);
  }
}
