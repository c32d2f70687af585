/*
 * The key set on files: message ids of the dedupe window, as 64-bit keyed fingerprints.
 *
 * Format. A folder of run files (`run-format`), one per stretch of input: sorted keys, 8 bytes each,
 * and a footer that says which input they cover, when it was received and where they stand in the
 * log `seen`. The newest keys are in memory only, in a table (`key-table`); a full table becomes a
 * run, neighbouring runs become one (`choose-merge`), and a run whose newest key has left the window
 * is deleted (`expired-runs`). A run is written beside, flushed, renamed, and its sources deleted
 * after.
 *
 * Bounds. Two tables of 8 MB, and 7.1 bits of filter and block index a key on disk: 86 million keys
 * in the window are at most 97 million kept, 86 MB, and 0.8 GB of disk. A look-up reads the filter
 * of each run, about 8 of an eighth of the window each and a few small ones, and a block of 4 KB for a
 * true duplicate or 0.4 times for a new key. Writing and merging give way every few milliseconds.
 *
 * Recovery. Files under a temporary name are deleted; a run that another one covers is the leaving of
 * an interrupted merge and is deleted; a run that does not check, was made under another secret,
 * or covers input beyond what `events` has committed is thrown away, and `damaged` tells the
 * owner to make it again from `seen` or `accepted`. Files hold committed keys only, see `KeySet.cover`.
 *
 * Odds. A new event is taken for a duplicate when its fingerprint equals one of n others of the
 * window: n / 2^64, for 86 million 4.7e-12 an event; 4e-4 a day at 86 million events a day, one
 * wrongly dropped event in about seven years.
 */

import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Offset } from '../../core/event-log.ts';
import { InputRanges } from '../../core/input-ranges.ts';
import type { Logger } from '../../core/logger.ts';
import { FileKeySet, inInputOrder } from './file-key-set.ts';
import { loadRun } from './load-run.ts';
import type { Run } from './run.ts';

export interface OpenKeySetOptions {
  /** A folder for this partition's keys alone; made when absent. */
  readonly folder: string;
  /** How long a key is remembered, at least: ms of receivedAt. */
  readonly windowMs: number;
  /** Input position committed in `events`: its writer's mark. */
  readonly committed: Offset;
  /** The secret the fingerprints are made with. */
  readonly secret: Uint8Array;
  readonly logger: Logger;
  /** Home slots of a table as a power of two; default 20, 0.7 million keys a table. Tests take fewer. */
  readonly tableBits?: number;
}

const defaultTableBits = 20;

/** Opens the set, checking every file: about 2 s for 86 million keys, giving way all the time. */
export async function openKeySet(options: OpenKeySetOptions): Promise<FileKeySet> {
  const { folder, logger, windowMs, tableBits = defaultTableBits } = options;
  const identity = createHash('sha256').update(options.secret).digest('hex').slice(0, 16);
  await mkdir(folder, { recursive: true });
  const names = (await readdir(folder)).sort();
  let damaged = false;
  const runs: Run[] = [];
  for (const name of names) {
    const path = join(folder, name);
    if (!name.endsWith('.run')) {
      await rm(path, { force: true });
      continue;
    }
    const run = await loadRun(path);
    const flaw = flawOf(run, identity, options.committed);
    if (run !== undefined && flaw === undefined) {
      runs.push(run);
      continue;
    }
    damaged = true;
    logger.warn({ path, flaw }, 'dedupe: a file of message ids is thrown away and made again');
    await run?.close();
    await rm(path, { force: true });
  }
  return new FileKeySet({
    folder,
    windowMs,
    tableBits,
    identity,
    logger,
    runs: inInputOrder(await withoutMerged(runs)),
    damaged,
    nextFile: Number.parseInt(names.at(-1) ?? '0', 10) + 1,
  });
}

function flawOf(run: Run | undefined, identity: string, committed: Offset): string | undefined {
  if (run === undefined) return 'it does not check';
  if (run.footer.identity !== identity) return 'it was made under another secret';
  if (run.footer.ranges.some(({ to }) => to > committed)) return 'it covers uncommitted input';
  return undefined;
}

/** Later files first: what they cover whole was merged into them. */
async function withoutMerged(runs: readonly Run[]): Promise<Run[]> {
  const kept: Run[] = [];
  for (const run of runs.toReversed()) {
    const merged = kept.some(({ footer }) => {
      const covered = new InputRanges(footer.ranges);
      return run.footer.ranges.every((range) => covered.covers(range));
    });
    if (merged) await run.remove();
    else kept.push(run);
  }
  return kept;
}
