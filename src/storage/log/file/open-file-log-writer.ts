import { mkdir } from 'node:fs/promises';
import type { Clock } from '../../../core/clock.ts';
import { TributaryError } from '../../../core/errors.ts';
import type { OpenWriterOptions, Recovery } from '../../../core/event-log.ts';
import type { Logger } from '../../../core/logger.ts';
import type { FileIo } from './file-io.ts';
import { FileLogWriter } from './file-log-writer.ts';
import { deleteLogFile, logPath } from './log-folder.ts';
import { fileOf } from './log-offset.ts';
import type { LogView } from './log-view.ts';
import { EndPublisher } from './published-end.ts';
import { type RecoveredLog, recoverLog } from './recover-log.ts';
import { lockFolder } from './writer-lock.ts';

interface WriterSetup extends OpenWriterOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly io: FileIo;
  readonly fileBytes: number;
  readonly lockWaitMs: number;
  onFlush(durationMs: number, bytes: number, units: number): void;
}

/** Locks the log, recovers it and begins a new file. Rejects with `log_locked` or `log_unavailable`. */
export async function openFileLogWriter(
  view: LogView,
  setup: WriterSetup,
): Promise<{ writer: FileLogWriter; recovery: Recovery }> {
  const { folder } = view;
  await mkdir(folder, { recursive: true });
  const unlock = await lockFolder(folder, setup.clock, setup.lockWaitMs);
  try {
    const recovered = await recoverLog(folder, setup.floor ?? 0);
    const writer = await begin(view, setup, recovered, unlock);
    return { writer, recovery: recovered.recovery };
  } catch (error) {
    await unlock();
    if (error instanceof TributaryError) throw error;
    throw new TributaryError('log_unavailable', 'The log could not be opened.', { cause: error });
  }
}

async function begin(
  view: LogView,
  setup: WriterSetup,
  recovered: RecoveredLog,
  unlock: () => Promise<void>,
): Promise<FileLogWriter> {
  const { folder } = view;
  const { logger, floor = 0 } = setup;
  const { tail, previousEnd } = recovered;
  // What the last process wrote may be in memory only: durable before anybody is shown it.
  if (tail) await withFile(folder, setup.io, tail.number, (fd) => setup.io.flush(fd));
  const publisher = new EndPublisher(folder);
  const start = {
    previous: recovered.previous,
    previousEnd: recovered.previousEnd,
    next: Math.max(recovered.highest, fileOf(floor)) + 1,
    mark: recovered.mark,
    time: recovered.time,
  };
  view.taken();
  const writer = new FileLogWriter(start, {
    folder,
    io: setup.io,
    clock: setup.clock,
    logger,
    fileBytes: setup.fileBytes,
    onDurable: (end, mark, group) => {
      publish(publisher, logger, end, mark, group);
      view.advance(end, mark);
    },
    onCommit: () => setup.onCommit?.(),
    onFile: (number, index) => view.setLiveIndex(number, index),
    onFlush: setup.onFlush,
    release: async () => {
      view.released();
      publisher.close();
      await unlock();
    },
  });
  try {
    await writer.begin();
    // Gives back what stands behind the end: the new file's header says already that it is not read.
    if (tail && tail.bytes > previousEnd) {
      await withFile(folder, setup.io, tail.number, (fd) => setup.io.truncate(fd, previousEnd));
    }
    for (const number of recovered.unneeded) await deleteLogFile(folder, number);
  } catch (error) {
    view.released();
    publisher.close();
    throw error;
  }
  return writer;
}

/** The flush succeeded, so the appends stand even when nobody can be told. */
function publish(
  publisher: EndPublisher,
  logger: Logger,
  ...[end, mark, group]: Parameters<EndPublisher['publish']>
): void {
  try {
    publisher.publish(end, mark, group);
  } catch (error) {
    logger.error({ err: error, end }, 'the end of the log could not be published');
  }
}

/** Runs `task` on a file of the log that exists already. */
async function withFile(
  folder: string,
  io: FileIo,
  number: number,
  task: (fd: number) => Promise<void>,
): Promise<void> {
  const fd = await io.openFlushing(logPath(folder, number));
  try {
    await task(fd);
  } finally {
    await io.close(fd);
  }
}
