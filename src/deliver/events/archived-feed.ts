import type { ArchiveReader } from '../../core/archive.ts';
import type { Offset } from '../../core/event-log.ts';
import type { EventFeed } from './event-feed.ts';
import { StoredEvent } from './stored-event.ts';
import type { EventBatch } from './tail-cache.ts';

/**
 * The log with the archive behind it, as one: what stands before the log's start comes from the archive, in order, then
 * reading goes on in the log. A read says that the log begins behind `from` only where the archive ends before it does.
 */
export function archivedFeed(feed: EventFeed, archive: ArchiveReader): EventFeed {
  async function readBehind(
    source: string,
    from: Offset,
    start: Offset,
  ): Promise<EventBatch & { readonly start?: Offset }> {
    const end = await archive.end();
    if (from >= end) return { events: [], next: from, start };
    const { records, next } = await archive.read(source, from, Math.min(start, end));
    return { events: records.map((record) => new StoredEvent(record)), next };
  }

  return {
    ...feed,

    async read(source, from) {
      const start = await feed.start();
      if (from < start) return readBehind(source, from, start);
      const batch = await feed.read(source, from);
      // The log was trimmed meanwhile.
      if (batch.start !== undefined) return readBehind(source, from, batch.start);
      return batch;
    },

    async readAt(source, offsets) {
      const start = await feed.start();
      const found = new Map(
        await feed.readAt(
          source,
          offsets.filter((offset) => offset >= start),
        ),
      );
      for (const offset of source === undefined ? [] : offsets) {
        if (offset >= start) break;
        const { records } = await archive.read(source ?? '', offset, offset + 1);
        for (const record of records) found.set(offset, new StoredEvent(record));
      }
      return found;
    },

    async count(source, from, to) {
      const start = await feed.start();
      const behind = from < start ? await archive.count(source, from, Math.min(to, start)) : 0;
      return behind + (to > start ? await feed.count(source, Math.max(from, start), to) : 0);
    },

    async offsetAt(time, source) {
      const [start, inLog] = [await feed.start(), await feed.offsetAt(time, source)];
      // What the log has before that time the archive need not be asked for.
      if (inLog > start) return inLog;
      const archived = await archive.offsetAt(source, time);
      return Math.min(archived ?? inLog, inLog);
    },
  };
}
