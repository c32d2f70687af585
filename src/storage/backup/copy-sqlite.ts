import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { TributaryError } from '../../core/errors.ts';
import { type CopiedFile, sumOf } from './copy-file.ts';

/**
 * Copies a database that another process writes to: as of one moment, without what its write-ahead log holds
 * beside it. The writer is not held up. Rejects with `store_failed` when the copy does not check.
 */
export async function copySqlite(folder: string, to: string, name: string): Promise<CopiedFile> {
  const path = join(folder, name);
  // Of a try before.
  rmSync(join(to, name), { force: true });
  try {
    const source = new Database(path, { readonly: true, fileMustExist: true });
    try {
      source.pragma('busy_timeout = 10000');
      source.prepare('vacuum into ?').run(join(to, name));
    } finally {
      source.close();
    }
    assertSound(join(to, name));
  } catch (cause) {
    if (cause instanceof TributaryError) throw cause;
    throw new TributaryError('store_failed', `The database ${path} cannot be copied`, { cause });
  }
  return sumOf(to, name);
}

function assertSound(path: string): void {
  const copy = new Database(path, { readonly: true });
  try {
    const found = copy.pragma('integrity_check', { simple: true });
    if (found === 'ok') return;
    throw new TributaryError('store_failed', `The copy ${path} is damaged: ${String(found)}`);
  } finally {
    copy.close();
  }
}
