import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { TributaryError } from '../../../core/errors.ts';
import type { ObjectStore } from '../../../core/object-store.ts';
import type { LakeFile } from './lake-state.ts';

/** Where DuckDB reads the files of a lake: it reads no object store by itself. */
export interface LocalFiles {
  /** True: they need not be fetched. */
  readonly areHere: boolean;
  /** A folder that holds all paths. */
  readonly folder: string;
  /** The paths of files, fetched if need be. */
  paths(files: readonly LakeFile[]): Promise<string[]>;
  close(): Promise<void>;
}

/** A lake in a folder of this machine. */
export function filesInFolder(folder: string): LocalFiles {
  return {
    areHere: true,
    folder,
    paths: async (files) => files.map(({ key }) => join(folder, key)),
    close: async () => undefined,
  };
}

const fetchedMostBytes = 4 * 1024 ** 3;

/**
 * Files of a bucket, fetched into a folder and kept there until it is closed: none of them ever changes. At most
 * 4 GB are here at a time; those used longest ago go first.
 */
export function fetchedFiles(store: ObjectStore, folder: string): LocalFiles {
  /** Bytes by path, used last at the end. */
  const here = new Map<string, number>();
  const pathOf = (key: string) =>
    join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.parquet`);

  async function fetch({ key, bytes }: LakeFile): Promise<void> {
    const path = pathOf(key);
    const opened = await store.open(key);
    if (opened === undefined) {
      throw new TributaryError('warehouse_failed', `${store.place}${key} is gone`);
    }
    await mkdir(folder, { recursive: true });
    await pipeline(opened.stream, createWriteStream(path));
    here.set(path, bytes);
  }

  return {
    areHere: false,
    folder,
    paths: async (files) => {
      const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
      if (total > fetchedMostBytes) {
        const text = `The tables hold ${total} bytes in the bucket, more than this server fetches (${fetchedMostBytes})`;
        throw new TributaryError('warehouse_failed', text);
      }
      const wanted = new Set(files.map(({ key }) => pathOf(key)));
      let held = [...here.values()].reduce((sum, bytes) => sum + bytes, 0);
      for (const [path, bytes] of here) {
        if (held + total <= fetchedMostBytes) break;
        if (wanted.has(path)) continue;
        await rm(path, { force: true });
        here.delete(path);
        held -= bytes;
      }
      for (const file of files) {
        const path = pathOf(file.key);
        const bytes = here.get(path);
        if (bytes === undefined) await fetch(file);
        else {
          here.delete(path);
          here.set(path, bytes);
        }
      }
      return [...wanted];
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
