import { TributaryError } from '../../../core/errors.ts';
import type { LogEngine, LogName, OpenWriterOptions } from '../../../core/event-log.ts';
import { joinAlone } from '../join-alone.ts';
import { MemoryLog, type MemoryLogOptions } from './memory-log.ts';
import { MemoryLogReader } from './memory-log-reader.ts';
import { MemoryLogWriter } from './memory-log-writer.ts';

/**
 * The logs in memory, one partition, for unit tests and for trying things out. Nothing survives the
 * process; a log survives its writer, so that a test can open it again. A commit is the unit of
 * retention, and offsets count up by one per record and per commit.
 */
export async function openMemoryLogEngine(options: MemoryLogOptions): Promise<LogEngine> {
  const logs = new Map<LogName, MemoryLog>();
  const writers = new Set<MemoryLogWriter>();
  const logOf = (name: LogName): MemoryLog => {
    const log = logs.get(name) ?? new MemoryLog();
    logs.set(name, log);
    return log;
  };
  return {
    partitions: 1,
    outlivesNode: false,
    join: joinAlone(1),
    openWriter: async (name, _partition, writerOptions: OpenWriterOptions = {}) => {
      const log = logOf(name);
      if (log.locked) throw new TributaryError('log_locked', `The log ${name} has a writer.`);
      const { floor = 0 } = writerOptions;
      const reason = 'the log ends before what was read of it';
      const damaged = floor > log.end ? [{ from: log.end, to: floor, reason }] : [];
      const writer = new MemoryLogWriter(log, { ...options, ...writerOptions });
      writers.add(writer);
      return { writer, recovery: { cutBytes: 0, damaged } };
    },
    openReader: async (name) => new MemoryLogReader(logOf(name)),
    trim: async (name, _partition, before) => logOf(name).trim(before),
    startAfterTrim: async (name, _partition, before) => logOf(name).startAfterTrim(before),
    usage: async (name) => logOf(name).usage(),
    offsetKeeping: async (name, _partition, bytes) => logOf(name).offsetKeeping(bytes),
    hasRoom: () => options.hasRoom?.() ?? true,
    close: async () => {
      for (const writer of writers) await writer.close();
      for (const log of logs.values()) log.wakeAll();
    },
  };
}
