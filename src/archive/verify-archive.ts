import { createHash } from 'node:crypto';
import { TributaryError } from '../core/errors.ts';
import type { ObjectStore } from '../core/object-store.ts';
import type { StateStore } from '../core/state.ts';
import type { ArchiveFileTable } from '../core/tables/archive-tables.ts';
import type { WorkTables } from '../core/tables/work-tables.ts';
import { readLines, readMembers } from './archive-format.ts';
import { readFile } from './archive-store.ts';
import { eventPrefix, objectPrefix } from './archived-source.ts';

export interface ArchiveProblem {
  readonly key: string;
  /** In words. */
  readonly problem: string;
}

export interface Verified {
  readonly files: number;
  readonly events: number;
  readonly bytes: number;
  readonly problems: readonly ArchiveProblem[];
}

/**
 * Reads every file of the manifest and holds it against that: size, sums, number of lines; then looks for files that
 * the manifest does not know. What is being written meanwhile may be among these. Changes nothing.
 */
export async function verifyArchive(
  store: Pick<StateStore<WorkTables>, 'db'>,
  objects: ObjectStore,
): Promise<Verified> {
  const problems: ArchiveProblem[] = [];
  const known = new Set<string>();
  const sum = { files: 0, events: 0, bytes: 0 };
  for await (const file of manifestFiles(store)) {
    known.add(file.key);
    sum.files += 1;
    sum.events += file.events;
    sum.bytes += file.bytes;
    const problem = await problemOf(file, objects);
    if (problem !== undefined) problems.push({ key: file.key, problem });
  }
  for (const prefix of [eventPrefix, objectPrefix]) {
    for await (const { key } of objects.list(prefix)) {
      if (!known.has(key)) problems.push({ key, problem: 'is not in the manifest' });
    }
  }
  return { ...sum, problems };
}

/** Every file of the manifest, in the order of the keys; a page at a time. */
export async function* manifestFiles(
  store: Pick<StateStore<WorkTables>, 'db'>,
): AsyncGenerator<ArchiveFileTable> {
  const page = 500;
  let after = '';
  for (;;) {
    const rows = await store.db
      .selectFrom('archive_file')
      .selectAll()
      .where('key', '>', after)
      .orderBy('key')
      .limit(page)
      .execute();
    for (const row of rows) yield readFile(row);
    after = rows.at(-1)?.key ?? '';
    if (rows.length < page) return;
  }
}

async function problemOf(
  file: ArchiveFileTable,
  objects: ObjectStore,
): Promise<string | undefined> {
  const found = await objects.get(file.key);
  if (found === undefined) return 'is missing';
  const sha256 = createHash('sha256').update(found.body).digest('hex');
  if (found.bytes !== file.bytes || sha256 !== file.sha256) {
    return `is not what was written: ${found.bytes} bytes, not ${file.bytes}, or another sum`;
  }
  try {
    let events = 0;
    for (const member of readMembers(file.key, found.body)) {
      events += (await readLines(file.key, member)).length;
    }
    return events === file.events ? undefined : `has ${events} events, not ${file.events}`;
  } catch (error) {
    if (error instanceof TributaryError) return error.message;
    throw error;
  }
}
