import type { DamagedRange } from '../../../core/event-log.ts';
import type { LogFile } from './log-folder.ts';
import { offsetOf } from './log-offset.ts';

/** A file that belongs to the log. */
export interface LinkedFile {
  readonly file: LogFile;
  /** Where it ends, as the next file's header says; undefined when nobody says. */
  readonly end: number | undefined;
}

/** The files of a log, in order, and what is wrong with the chain. */
export interface FileChain {
  readonly files: readonly LinkedFile[];
  /** Numbers of files that no later one names: begun in vain, nothing in them was acknowledged. */
  readonly dead: readonly number[];
  readonly damaged: readonly DamagedRange[];
}

/**
 * Follows the headers from the last file back to the first that is kept. `files` is ascending. Where
 * a header is lost, the next lower number is taken for its predecessor.
 */
export function linkFiles(files: readonly LogFile[]): FileChain {
  const linked: LinkedFile[] = [];
  const damaged: DamagedRange[] = [];
  const byNumber = new Map(files.map((file) => [file.number, file]));
  let file = files.at(-1);
  let end: number | undefined;
  while (file) {
    linked.push({ file, end });
    const { number, header } = file;
    const below = files.findLast((other) => other.number < number);
    if (!header || !below) {
      end = undefined;
      file = below;
      continue;
    }
    const named = byNumber.get(header.previous);
    if (named) {
      end = header.previousEnd;
      file = named;
      continue;
    }
    // The chain's first file names one that was trimmed. Older files behind a gap are not.
    const older = files.findLast((other) => other.number < header.previous);
    if (older) {
      damaged.push({
        from: offsetOf(older.number + 1, 0),
        to: offsetOf(number, 0),
        reason: `log file ${header.previous} is missing`,
      });
    }
    end = undefined;
    file = older;
  }
  const kept = new Set(linked.map((link) => link.file.number));
  return {
    files: linked.reverse(),
    dead: files.filter((other) => !kept.has(other.number)).map((other) => other.number),
    damaged: damaged.reverse(),
  };
}
