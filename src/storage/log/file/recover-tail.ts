import { open } from 'node:fs/promises';
import type { DamagedRange, Offset } from '../../../core/event-log.ts';
import { limits } from '../../../core/limits.ts';
import { fileHeaderBytes } from './file-header.ts';
import { type LogFile, logPath } from './log-folder.ts';
import { byteOf, fileOf, offsetOf } from './log-offset.ts';
import type { PublishedEnd } from './published-end.ts';
import { type ByteRange, readChunk, type VerifiedCommit } from './verified-chunk.ts';

/** What the last file holds that counts. */
export interface RecoveredTail {
  /** The file ends here, whatever stands behind it. */
  readonly end: number;
  /** The last mark and commit time seen, 0 when none was. */
  readonly mark: Offset;
  readonly time: number;
  readonly cutBytes: number;
  readonly damaged: readonly DamagedRange[];
}

/**
 * Decides where the last file of a log ends. Looks from the last published group on, or at the whole
 * file when nothing was published for it.
 *
 * A group is written only after the one before it was durable. So what is broken before the last
 * group, or before the published end, was acknowledged: it is damage, and what follows is kept.
 * What is broken in the last group beyond the published end is a torn write: it is cut from there.
 */
export async function recoverTail(
  folder: string,
  file: LogFile,
  published: PublishedEnd | undefined,
): Promise<RecoveredTail> {
  const known = published !== undefined && fileOf(published.end) === file.number;
  const publishedEnd = known ? byteOf(published.end) : fileHeaderBytes;
  const from = known ? Math.max(byteOf(published.group), fileHeaderBytes) : fileHeaderBytes;
  const { commits, damaged } = await scan(folder, file, from);

  const last = commits.at(-1);
  const durable = Math.max(publishedEnd, last ? last.start - last.header.inGroup : 0);
  const torn = damaged.find((range) => range.to > durable);
  const end = torn ? Math.max(torn.from, durable) : Math.max(last?.end ?? 0, publishedEnd);
  const kept = commits.findLast((commit) => commit.end <= end);
  const lost = damaged.filter((range) => range.from < end).map((range) => clip(range, end));
  if (file.bytes < publishedEnd) {
    const from = Math.max(file.bytes, lost.at(-1)?.to ?? 0);
    lost.push({ from, to: publishedEnd, reason: 'the file is shorter than its end' });
  }
  return {
    end,
    mark: Math.max(known ? published.mark : 0, kept?.header.mark ?? 0),
    time: kept?.header.time ?? 0,
    cutBytes: torn ? await usedBytes(folder, file, end) : 0,
    damaged: lost.map(({ from: start, to, reason }) => ({
      from: offsetOf(file.number, start),
      to: offsetOf(file.number, to),
      reason,
    })),
  };
}

async function scan(folder: string, file: LogFile, from: number) {
  let commits: VerifiedCommit[] = [];
  const damaged: ByteRange[] = [];
  const handle = await open(logPath(folder, file.number), 'r');
  try {
    const source = {
      handle,
      number: file.number,
      salt: file.header?.salt,
      end: file.bytes,
    };
    let at = from;
    while (at < file.bytes) {
      const chunk = await readChunk(source, at, limits.logReadBytes);
      commits = lastGroupOf([...commits, ...chunk.commits]);
      for (const range of chunk.damaged) {
        const before = damaged.at(-1);
        if (before?.to === range.from) damaged[damaged.length - 1] = { ...before, to: range.to };
        else damaged.push(range);
      }
      at = chunk.to;
    }
  } finally {
    await handle.close();
  }
  return { commits, damaged };
}

/** The commits of the last group and the one before: all that the decision needs. */
function lastGroupOf(commits: VerifiedCommit[]): VerifiedCommit[] {
  const last = commits.at(-1);
  if (!last) return commits;
  const group = last.start - last.header.inGroup;
  const first = commits.findIndex((commit) => commit.start >= group);
  return commits.slice(Math.max(0, first - 1));
}

function clip(range: ByteRange, end: number): ByteRange {
  return range.to <= end ? range : { ...range, to: end };
}

/** Bytes from `from` to the last one that is not zero: a zeroed tail held nothing. */
async function usedBytes(folder: string, file: LogFile, from: number): Promise<number> {
  const handle = await open(logPath(folder, file.number), 'r');
  try {
    const buffer = Buffer.alloc(256 * 1024);
    let used = 0;
    for (let at = from; at < file.bytes; at += buffer.length) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
      for (let i = bytesRead - 1; i >= 0; i--) {
        if (buffer[i] === 0) continue;
        used = at + i + 1 - from;
        break;
      }
    }
    return used;
  } finally {
    await handle.close();
  }
}
