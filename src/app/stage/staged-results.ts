import type { LogEntry, LogWriter } from '../../core/event-log.ts';
import { type DiscardMeta, recordKinds } from '../../core/records.ts';
import { sourceOfStaged } from '../../core/staged-request.ts';

/**
 * What the functions of sources give up, among the discards of `events`, of the source that it is about. That one is tried
 * again, or went on, is not written: it is no delivery.
 */
export function stagedResults(events: LogWriter): LogWriter {
  return {
    append: async (entries) => {
      const discards = entries.filter(({ kind }) => kind === recordKinds.discard);
      if (discards.length === 0) return events.end;
      return await events.append(discards.map(ofSource));
    },
    get end() {
      return events.end;
    },
    get mark() {
      return events.mark;
    },
    close: () => Promise.resolve(),
  };
}

function ofSource(entry: LogEntry): LogEntry {
  const { destination: _lane, ...meta }: DiscardMeta = JSON.parse(entry.meta);
  return {
    ...entry,
    source: sourceOfStaged(entry.source),
    meta: JSON.stringify({ ...meta, stage: 'process', staged: true } satisfies DiscardMeta),
  };
}
