import { createHash } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { Deletion } from '../core/deletion.ts';
import { TributaryError } from '../core/errors.ts';
import { isJsonObject, type Json } from '../core/json.ts';
import type { Lease } from '../core/lease.ts';
import type { Logger } from '../core/logger.ts';
import type { ObjectStore } from '../core/object-store.ts';
import type { ArchiveFileTable } from '../core/tables/archive-tables.ts';
import { type Member, makeMember, readLines, readMembers } from './archive-format.ts';
import type { ArchiveMetrics } from './archive-metrics.ts';
import type { ArchiveStore } from './archive-store.ts';
import type { DeletionProgress } from './deletion-progress.ts';
import { keepOf, readFacts } from './index-lines.ts';

export interface DeleteDeps {
  objects(): Promise<ObjectStore>;
  readonly store: ArchiveStore;
  readonly progress: DeletionProgress;
  readonly lease: Lease;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ArchiveMetrics;
  readonly signal: AbortSignal;
}

/** Ids are looked for in a line before it is parsed while there are no more of them. */
const searchedIds = 16;

/**
 * Deletes the lines of end users from the partition's files. A file that holds some is written anew under its name, whole
 * members of it as they are; one that is left with none goes. Then the manifest is told. A crash between the two leaves a
 * file that the manifest describes wrongly; deletion begins again, and finds that.
 */
export async function deleteUsers(deletion: Deletion, deps: DeleteDeps): Promise<void> {
  const { store, progress, clock, signal, logger } = deps;
  const total = await store.count(deletion.sourceId);
  let done = 0;
  let events = 0;
  let after: ArchiveFileTable | undefined;
  await progress.set(deletion, { state: 'running', done, total, events }, clock.now());
  for (;;) {
    const files = await store.files({ source: deletion.sourceId }, { after });
    if (files.length === 0) break;
    for (const file of files) {
      if (signal.aborted) return;
      if (file.first_time < deletion.before) events += await deleteFrom(file, deletion, deps);
    }
    done += files.length;
    after = files.at(-1);
    await progress.set(deletion, { state: 'running', done, total, events }, clock.now());
  }
  await progress.set(deletion, { state: 'done', done, total: done, events }, clock.now());
  logger.info(
    { regulation: deletion.id, files: done, events },
    'users are deleted from the archive',
  );
}

/** Returns the number of events that went. */
async function deleteFrom(
  file: ArchiveFileTable,
  deletion: Deletion,
  { objects, store, lease, metrics }: DeleteDeps,
): Promise<number> {
  const place = await objects();
  const found = await place.get(file.key);
  if (found === undefined) return 0;
  const parts: Buffer[] = [];
  let kept = 0;
  let gone = 0;
  for (const member of readMembers(file.key, found.body)) {
    const { part, left, lost } = await without(file.key, member, deletion);
    parts.push(...part);
    kept += left;
    gone += lost;
  }
  const body = gone === 0 ? found.body : Buffer.concat(parts);
  const sha256 = createHash('sha256').update(body).digest('hex');
  if (gone > 0) {
    if (!lease.holds()) {
      throw new TributaryError('lease_lost', 'The partition is another node’s, or may be');
    }
    if (kept === 0) await place.delete(file.key);
    else await place.put(file.key, body);
    metrics.deleted.inc(gone);
  }
  if (sha256 !== file.sha256) {
    await store.rewritten(file.key, { events: kept, bytes: body.length, sha256 });
  }
  return gone;
}

async function without(key: string, member: Member, deletion: Deletion) {
  const facts = readFacts(member.index);
  const lines = await readLines(key, member);
  const keep = lines.map((line, at) => {
    const isOlder = (facts[at]?.time ?? 0) < deletion.before;
    return !(isOlder && isOf(line, deletion));
  });
  const left = keep.filter(Boolean).length;
  const lost = lines.length - left;
  if (lost === 0) return { part: [member.whole], left, lost };
  if (left === 0) return { part: [], left, lost };
  const rest = lines.filter((_, at) => keep[at]).flatMap((line) => [line, lineFeed]);
  const part = [await makeMember(keepOf(member.index, keep), Buffer.concat(rest))];
  return { part, left, lost };
}

const lineFeed = Buffer.from('\n');

function isOf(line: Buffer, { subjectType, subjectIds }: Deletion): boolean {
  const mayHold =
    subjectIds.size > searchedIds ||
    [...subjectIds].some((id) => line.includes(JSON.stringify(id).slice(1, -1)));
  if (!mayHold && !line.includes('\\u')) return false;
  const event: Json = JSON.parse(line.toString());
  if (!isJsonObject(event)) return false;
  const own = subjectType === 'USER_ID' ? event['userId'] : event['anonymousId'];
  return [own, event['previousId']].some((id) => typeof id === 'string' && subjectIds.has(id));
}
