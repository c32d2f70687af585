import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../core/clock.ts';
import type { LogEngine, LogName, OpenWriterOptions } from '../../../core/event-log.ts';
import { limits } from '../../../core/limits.ts';
import type { Logger } from '../../../core/logger.ts';
import { DiskRoom, type RoomOptions } from './disk-room.ts';
import { type FileIo, systemFileIo } from './file-io.ts';
import { FileLogReader } from './file-log-reader.ts';
import type { FileLogWriter } from './file-log-writer.ts';
import { LogView } from './log-view.ts';
import { openFileLogWriter } from './open-file-log-writer.ts';
import { OpenHandles } from './open-handles.ts';
import { logUsage, offsetKeeping, trimLog } from './retention.ts';

/** What the app counts of a file log. */
export interface LogMetrics {
  /** After each flush: its duration from seal to durable, the bytes written, the appends it carried. */
  onFlush(log: LogName, durationMs: number, bytes: number, units: number): void;
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
  /** How long `openWriter` waits for a predecessor to let go, ms; default 5,000. */
  readonly lockWaitMs?: number;
  /** The disk; a test gives one that fails. */
  readonly io?: FileIo;
}

const lockWaitMs = 5000;

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
    openWriter: async (log, partition, writerOptions: OpenWriterOptions = {}) => {
      const opened = await openFileLogWriter(viewOf(log, partition), {
        clock,
        logger: logger.child({ log }),
        io: options.io ?? systemFileIo,
        fileBytes: options.fileBytes ?? limits.logFileBytes,
        lockWaitMs: options.lockWaitMs ?? lockWaitMs,
        onFlush: (ms, bytes, units) => options.metrics?.onFlush(log, ms, bytes, units),
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
    usage: (log, partition) => logUsage(viewOf(log, partition)),
    offsetKeeping: (log, partition, bytes) => offsetKeeping(viewOf(log, partition), bytes),
    hasRoom: () => room.hasRoom(),
    close: async () => {
      for (const writer of writers) await writer.close();
      for (const view of views.values()) view.close();
      await handles.close();
    },
  };
}
