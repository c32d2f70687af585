/**
 * # A backup of the embedded engines, taken while they run
 *
 * `state.db`, `work.db` and `log/<log>-<partition>/`, laid out as the engines lay them out: each file can be put
 * where it came from.
 *
 * What was derived is taken before what it was derived from: the configuration, then the cursors, then the logs from
 * the last to the first, `accepted` at the end. So a cursor never knows more than `events`, nor `events` more than
 * `accepted`; what moved on meanwhile is done again after a restore: it repeats, and nothing is lost. Files of the
 * logs are held open before the cursors are copied, so that retention takes nothing between the two.
 *
 * Left out is what a start makes anew: the files of message ids (from `seen`), the indexes, the snapshot.
 */
import { mkdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogName } from '../../core/event-log.ts';
import { errorCode } from '../log/file/error-code.ts';
import { logPath } from '../log/file/log-folder.ts';
import { EndPublisher } from '../log/file/published-end.ts';
import { type CopiedFile, copyHandle, sumOf } from './copy-file.ts';
import { copySqlite } from './copy-sqlite.ts';
import { type LogCut, PinnedLog } from './pinned-log.ts';

export interface EngineFolders {
  /** Of the log files; undefined where the log is not embedded. */
  readonly log: string | undefined;
  /** Of the databases; undefined where they are not embedded. */
  readonly state: string | undefined;
}

export interface EnginesBackup {
  readonly files: readonly CopiedFile[];
  /** Logs in which a file is missing. */
  readonly incomplete: readonly string[];
}

/** Last derived first. */
const order: readonly LogName[] = ['discards', 'results', 'seen', 'events', 'staged', 'accepted'];
const databaseFiles = ['state.db', 'work.db'];
const mostTries = 20;

/** Copies what the engines hold into `to`, an existing folder. */
export async function backUpEngines(
  { log, state }: EngineFolders,
  to: string,
): Promise<EnginesBackup> {
  const logs = log === undefined ? [] : await pinLogs(log);
  try {
    for (const one of logs) await one.hold();
    const files = state === undefined ? [] : await copyDatabases(state, to);
    const cuts = await cutAll(logs);
    for (const cut of cuts) files.push(...(await copyLog(cut, to)));
    return { files, incomplete: cuts.filter(({ whole }) => !whole).map(({ name }) => name) };
  } finally {
    for (const one of logs) await one.close();
  }
}

async function cutAll(logs: readonly PinnedLog[]): Promise<LogCut[]> {
  for (let tries = 1; ; tries++) {
    for (const one of logs) await one.hold();
    for (const one of logs) await one.mark();
    const cuts: LogCut[] = [];
    for (const one of logs) cuts.push(await one.cut());
    // Retention was in between: again. What is missing every time was lost before.
    if (cuts.every(({ whole }) => whole) || tries === mostTries) return cuts;
  }
}

async function pinLogs(dir: string): Promise<PinnedLog[]> {
  const names = await namesIn(dir);
  return order.flatMap((log) =>
    names
      .filter((name) => /^(\w+)-\d+$/.exec(name)?.[1] === log)
      .map((name) => new PinnedLog(dir, name)),
  );
}

async function copyDatabases(folder: string, to: string): Promise<CopiedFile[]> {
  const present = await namesIn(folder);
  const copied: CopiedFile[] = [];
  for (const name of databaseFiles) {
    if (present.includes(name)) copied.push(await copySqlite(folder, to, name));
  }
  return copied;
}

async function copyLog({ name, files, end }: LogCut, to: string): Promise<CopiedFile[]> {
  const path = join('log', name);
  const folder = join(to, path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const copied: CopiedFile[] = [];
  for (const { number, handle, bytes } of files) {
    copied.push(await copyHandle(handle, bytes, to, logPath(path, number)));
  }
  if (end !== undefined) {
    const publisher = new EndPublisher(folder);
    publisher.publish(end.end, end.mark, end.group);
    publisher.close();
    copied.push(await sumOf(to, join(path, 'end')));
  }
  return copied;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
