import type { DamagedRange, Offset, Recovery } from '../../../core/event-log.ts';
import { fileHeaderBytes } from './file-header.ts';
import { linkFiles } from './link-files.ts';
import { type LogFile, listLogNumbers, readLogFiles } from './log-folder.ts';
import { byteOf, fileOf, offsetOf } from './log-offset.ts';
import { EndWord, type PublishedEnd } from './published-end.ts';
import { type RecoveredTail, recoverTail } from './recover-tail.ts';

/** What a writer needs to know of the log that it continues. */
export interface RecoveredLog {
  /** The file that the next one names: its number (0: none) and where it ends. */
  readonly previous: number;
  readonly previousEnd: number;
  /** The last file, when it must be flushed and cut before the log goes on. */
  readonly tail: LogFile | undefined;
  /** No file may be numbered this or lower. */
  readonly highest: number;
  readonly mark: Offset;
  readonly time: number;
  /** Files without content: deleted once the next one stands. */
  readonly unneeded: readonly number[];
  readonly recovery: Recovery;
}

/**
 * Reads the headers of all files and the tail of the last, changes nothing. `floor`: what was read of the log goes
 * up to there; a log that ends before it has lost something.
 */
export async function recoverLog(folder: string, floor: Offset): Promise<RecoveredLog> {
  const files = await readLogFiles(folder, await listLogNumbers(folder));
  const word = new EndWord(folder);
  const published = word.read();
  word.close();

  const highest = Math.max(files.at(-1)?.number ?? 0, fileOf(published?.end ?? 0));
  const { last, tail, unneeded, cutBytes } = await lastFile(folder, files, published);
  const chain = linkFiles(files);
  const recovery = {
    cutBytes,
    damaged: [
      ...chain.damaged,
      ...chain.files.filter(({ file }) => file.headerDamaged).map(({ file }) => lostHeader(file)),
      ...(tail?.damaged ?? []),
      ...missingEnd(last, tail, published),
      ...missingRead(highest, offsetOf(last?.number ?? 0, tail?.end ?? 0), floor),
    ],
  };
  const before = chain.files.at(-2);
  const empty = last !== undefined && tail?.end === fileHeaderBytes;
  return {
    previous: empty ? (last.header?.previous ?? before?.file.number ?? 0) : (last?.number ?? 0),
    previousEnd: empty ? (last.header?.previousEnd ?? 0) : (tail?.end ?? 0),
    tail: empty ? undefined : last,
    highest,
    mark: Math.max(tail?.mark ?? 0, last?.header?.mark ?? 0),
    time: Math.max(tail?.time ?? 0, last?.header?.time ?? 0),
    unneeded: [...unneeded, ...chain.dead, ...(empty ? [last.number] : [])],
    recovery,
  };
}

/** Takes files that were begun in vain off the end of `files`, and recovers the last that counts. */
async function lastFile(
  folder: string,
  files: LogFile[],
  published: PublishedEnd | undefined,
): Promise<{
  last: LogFile | undefined;
  tail: RecoveredTail | undefined;
  unneeded: number[];
  cutBytes: number;
}> {
  const unneeded: number[] = [];
  let cutBytes = 0;
  for (let last = files.at(-1); last; last = files.at(-1)) {
    const tail = await recoverTail(folder, last, published);
    cutBytes += tail.cutBytes;
    if (last.header || tail.end > fileHeaderBytes) return { last, tail, unneeded, cutBytes };
    unneeded.push(last.number);
    cutBytes += Math.min(last.bytes, fileHeaderBytes);
    files.pop();
  }
  return { last: undefined, tail: undefined, unneeded, cutBytes };
}

function lostHeader(file: LogFile): DamagedRange {
  return {
    from: offsetOf(file.number, 0),
    to: offsetOf(file.number, fileHeaderBytes),
    reason: file.header ? 'one copy of the file header is damaged' : 'the file header is damaged',
  };
}

/** The published end lies in a file that is gone. */
function missingEnd(
  last: LogFile | undefined,
  tail: RecoveredTail | undefined,
  published: PublishedEnd | undefined,
): DamagedRange[] {
  if (!published || fileOf(published.end) <= (last?.number ?? 0)) return [];
  if (byteOf(published.end) <= fileHeaderBytes) return [];
  const from = last ? offsetOf(last.number, tail?.end ?? 0) : 0;
  return [{ from, to: published.end, reason: 'the last log file is missing' }];
}

/** The log was lost, or comes from an older backup than what was derived from it. */
function missingRead(highest: number, end: Offset, floor: Offset): DamagedRange[] {
  const from = Math.max(end, offsetOf(highest, fileHeaderBytes));
  // A file that was begun and held nothing may be gone.
  const isBegun = byteOf(floor) <= fileHeaderBytes && fileOf(floor) === highest + 1;
  if (floor <= from || isBegun) return [];
  return [{ from, to: floor, reason: 'the log ends before what was read of it' }];
}
