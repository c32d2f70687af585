/**
 * # The file log
 *
 * One folder a log and partition (`<dir>/accepted-0/`), one writing process, any number of readers
 * in any process. What must hold: an append that resolved is read after any crash; one that rejected
 * is never read; an offset is never used twice; nothing is lost silently.
 *
 * ## Files (numbers are little-endian; f64 = a double that holds an integer)
 *
 * `00000001.log`, `00000002.log`, …: the log. A file is never written again once the next exists.
 *
 *     file header   64 bytes, twice: u32 magic, u16 version, u16 bytes, f64 number, f64 previous file
 *                   (0: none), f64 byte at which the previous file ends, f64 time, f64 mark, u32
 *                   salt (random), 8 bytes 0, u32 crc32 of the first 60 bytes
 *     commit        at a multiple of 8, padded with zeros to the next one:
 *       header      56 bytes: u32 magic, u32 version, u32 payload bytes, u32 records, f64 time, f64
 *                   mark (carried forward when none is given), f64 offset of this commit, u32 salt,
 *                   u32 bytes since the start of the group, u32 crc32 of the payload, u32 crc32 of
 *                   the 52 bytes before
 *       records     u32 body bytes, u32 meta bytes, u8 kind, u8 source bytes; source (ASCII), meta
 *                   (UTF-8), body
 *     zeros         up to 4 MiB ahead of the writer, cut when the file is closed
 *
 * An offset is file number * 2^28 + byte of the record's first byte. Offset and salt in the commit
 * header keep bytes that merely look like a commit (a log inside a payload) from being taken for one.
 *
 * `end`: two slots of 40 bytes, written by turns: f64 sequence, f64 end, f64 mark, f64 start of the
 * last group, 4 bytes 0, u32 crc32. The valid one with the higher sequence counts, so a torn write
 * leaves the one before. It is written after each flush, before the appends resolve, and not flushed.
 *
 * `00000001.idx`: for each block of about 1 MiB its first commit, time and sources, as JSON with a
 * crc32 before it. Written when a file is finished; rebuilt from the file when it is missing.
 *
 * ## Writing
 *
 * Group commit: while one group is written and flushed the next gathers, encoded where it will be
 * written from. A group is one write and one flush and holds whole commits of about 1 MiB; a unit
 * (the entries of one append) never straddles two. Commit times never go back, whatever the clock does.
 *
 * A failed write or flush is never retried: the kernel may have dropped what it could not write. The
 * file is cut at its last good byte, a new one is begun whose header names that byte, and then the
 * group and everything appended since reject with `log_unavailable`. If no new file can be begun
 * either, each later group tries again.
 *
 * ## Bounds
 *
 * A record: `limits.logRecordBytes`. A file: `limits.logFileBytes`, or one group if that is larger.
 * What waits: `limits.logPendingBytes`; beyond, `append` rejects at once. Files: 2^25 a log. A
 * reading process keeps `limits.logChunksKept` stretches of 1 MiB and `logIndexesKept` indexes a log,
 * and `logOpenFiles` open files.
 *
 * ## Recovery
 *
 * A writer locks the folder, reads all file headers and the last file from the last published group
 * on (all of it when `end` says nothing of that file), then begins a new file: higher than any
 * number seen and than the file of `floor`.
 * - The chain: each header names its predecessor, from the last file back. A file that no other
 *   names was begun in vain and is deleted. A gap is damage.
 * - The tail: a group is written only after the one before it was durable. So what is broken before
 *   the last group, or before the published end, had been acknowledged: it is reported as damage,
 *   and what follows is kept. What is broken later is a torn write: the file ends there (`cutBytes`;
 *   zeros do not count). What is whole is kept, also beyond the published end: it may have been
 *   acknowledged. It is flushed before anybody is shown it.
 * - Damage elsewhere is found by readers: they report the range once, and go on at the next valid
 *   commit header. One copy of a file header is enough; with both lost the commits are still found.
 *
 * Readers see the log up to the published end, also while there is no writer: beyond it may stand
 * what a recovery would cut. If nothing was ever published they stop before the last file. So after
 * a power cut a reader may see less than was acknowledged until a writer has opened, never more.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../core/clock.ts';
import type { LogEngine, LogName, OpenWriterOptions } from '../../../core/event-log.ts';
import { limits } from '../../../core/limits.ts';
import type { Logger } from '../../../core/logger.ts';
import { joinAlone } from '../join-alone.ts';
import { DiskRoom, type RoomOptions } from './disk-room.ts';
import { type FileIo, systemFileIo } from './file-io.ts';
import { FileLogReader } from './file-log-reader.ts';
import type { FileLogWriter } from './file-log-writer.ts';
import { LogView } from './log-view.ts';
import { openFileLogWriter } from './open-file-log-writer.ts';
import { OpenHandles } from './open-handles.ts';
import { logUsage, offsetKeeping, startAfterTrim, trimLog } from './retention.ts';

/** What the app counts of a file log. */
export interface LogMetrics {
  /** After each flush: its duration from seal to durable, the bytes written, the appends it carried. */
  onFlush(durationMs: number, bytes: number, units: number, log: LogName): void;
}

export interface FileLogOptions {
  /** Folder of the logs; made when it is missing. */
  readonly dir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: LogMetrics;
  readonly room?: RoomOptions;
  /** Size at which a file is closed; default `limits.logFileBytes`. */
  readonly fileBytes?: number;
  /** How long `openWriter` waits for a predecessor to let go, ms; default `limits.logLockWaitMs`. */
  readonly lockWaitMs?: number;
  /** The disk; a test gives one that fails. */
  readonly io?: FileIo;
}

export async function openFileLogEngine(options: FileLogOptions): Promise<LogEngine> {
  const { dir, clock, logger } = options;
  await mkdir(dir, { recursive: true });
  const handles = new OpenHandles();
  const room = new DiskRoom(dir, clock, logger, options.room ?? {});
  await room.measure();
  const views = new Map<string, LogView>();
  const writers = new Set<FileLogWriter>();

  const viewOf = (log: LogName, partition: number): LogView => {
    const folder = join(dir, `${log}-${partition}`);
    const view = views.get(folder) ?? new LogView(folder, handles);
    views.set(folder, view);
    return view;
  };

  return {
    partitions: 1,
    outlivesNode: false,
    join: joinAlone(1),
    openWriter: async (log, partition, writerOptions: OpenWriterOptions = {}) => {
      const opened = await openFileLogWriter(viewOf(log, partition), {
        clock,
        logger: logger.child({ log }),
        io: options.io ?? systemFileIo,
        fileBytes: options.fileBytes ?? limits.logFileBytes,
        lockWaitMs: options.lockWaitMs ?? limits.logLockWaitMs,
        onFlush: (ms, bytes, units) => options.metrics?.onFlush(ms, bytes, units, log),
        ...writerOptions,
      });
      writers.add(opened.writer);
      return opened;
    },
    openReader: async (log, partition) => {
      const view = viewOf(log, partition);
      await view.files();
      return new FileLogReader(view);
    },
    trim: (log, partition, before) => trimLog(viewOf(log, partition), before),
    startAfterTrim: (log, partition, before) => startAfterTrim(viewOf(log, partition), before),
    usage: (log, partition) => logUsage(viewOf(log, partition)),
    offsetKeeping: (log, partition, bytes) => offsetKeeping(viewOf(log, partition), bytes),
    hasRoom: () => room.hasRoom(),
    close: async () => {
      room.close();
      for (const writer of writers) await writer.close();
      for (const view of views.values()) view.close();
      await handles.close();
    },
  };
}
