import type { ArchiveReader } from '../core/archive.ts';
import type { LogReader, LogRecord, Offset } from '../core/event-log.ts';
import { objectsOf } from './archived-source.ts';

/**
 * A partition of `events` with the archive behind it, read as one log: up to where the log begins, the events and objects of
 * these sources come from the archive, in the order of the log.
 */
export function archivedLog(
  log: LogReader,
  archive: ArchiveReader,
  sources: readonly string[],
): LogReader {
  const names = sources.flatMap((source) => [source, objectsOf(source)]);
  /** By source, what was read and not given yet, and where reading it goes on. */
  const waiting = new Map<string, { records: readonly LogRecord[]; next: Offset }>();

  async function fill(source: string, from: Offset, before: Offset) {
    const known = waiting.get(source);
    const records = known?.records.filter(({ offset }) => offset >= from) ?? [];
    const isKnown = known !== undefined && known.next > from && known.next <= before;
    const read = isKnown ? { records, next: known.next } : await archive.read(source, from, before);
    waiting.set(source, read);
    return read;
  }

  return {
    read: async (from, options) => {
      const start = await log.start();
      const before = Math.min(start, await archive.end());
      if (from >= before) return log.read(from, options);
      let next = before;
      const all: LogRecord[] = [];
      for (const source of names) {
        const read = await fill(source, from, before);
        next = Math.min(next, read.next);
        all.push(...read.records);
      }
      const records = all
        .filter(({ offset }) => offset >= from && offset < next)
        .toSorted((one, other) => one.offset - other.offset);
      return { records, next, damaged: [] };
    },
    /** Everything, unless the log was deleted before it was archived. */
    start: async () => {
      const start = await log.start();
      return (await archive.end()) < start ? start : 0;
    },
    offsetAt: async (time) => {
      const offsets = [await log.offsetAt(time)];
      if ((await log.start()) < (offsets[0] ?? 0)) return offsets[0] ?? 0;
      for (const source of names) {
        const offset = await archive.offsetAt(source, time);
        if (offset !== undefined) offsets.push(offset);
      }
      return Math.min(...offsets);
    },
    wait: (from, signal) => log.wait(from, signal),
    wake: () => log.wake(),
    end: () => log.end(),
    mark: () => log.mark(),
    count: (from, to, source, kinds) => log.count(from, to, source, kinds),
    close: async () => undefined,
  };
}
