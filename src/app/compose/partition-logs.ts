import type {
  LogEngine,
  LogName,
  LogReader,
  LogWriter,
  OpenWriterOptions,
} from '../../core/event-log.ts';
import type { StateStore } from '../../core/state.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import type { NodeContext } from '../node/node-context.ts';
import { throttledWake } from '../node/throttled-wake.ts';
import { reportRecovery } from './logs.ts';

/** The logs of one partition, open as the worker needs them. */
export interface PartitionLogs {
  readonly accepted: LogReader;
  readonly events: LogWriter;
  /** Of retention: each reader of a log is one reader's own. */
  readonly eventsReader: LogReader;
  readonly seen: { readonly writer: LogWriter; readonly reader: LogReader };
  readonly results: LogWriter;
  readonly discards: LogWriter;
  close(): Promise<void>;
}

interface PartitionLogsOptions {
  readonly context: NodeContext;
  readonly engine: LogEngine;
  readonly store: StateStore<WorkTables>;
  readonly partition: number;
}

/** Opens them. Commits wake the live tail while it watches a source. */
export async function openPartitionLogs(
  { context, engine, store, partition }: PartitionLogsOptions,
  watched: () => ReadonlySet<string>,
): Promise<PartitionLogs> {
  const { bus, clock, logger } = context;
  const open = async (log: LogName, more: OpenWriterOptions = {}): Promise<LogWriter> => {
    const wake = throttledWake(bus, clock, log);
    const onCommit = () => {
      if (watched().size > 0) wake();
    };
    const opened = await engine.openWriter(log, partition, { ...more, onCommit });
    reportRecovery(logger, log, opened.recovery);
    return opened.writer;
  };
  const results = await open('results');
  const discards = await open('discards');
  const floor = Math.max(await highestPosition(store, partition), discards.mark);
  const events = await open('events', { floor });
  const seenWriter = await open('seen');
  const accepted = await engine.openReader('accepted', partition);
  bus.subscribe('wake', (log) => {
    if (log === 'accepted') accepted.wake();
  });
  const seenReader = await engine.openReader('seen', partition);
  const eventsReader = await engine.openReader('events', partition);
  return {
    accepted,
    events,
    eventsReader,
    seen: { writer: seenWriter, reader: seenReader },
    results,
    discards,
    close: async () => {
      for (const reader of [accepted, seenReader, eventsReader]) await reader.close();
      for (const writer of [events, results, discards, seenWriter]) await writer.close();
    },
  };
}

/** The highest offset of `events` a cursor or a parked event has recorded. */
async function highestPosition(store: StateStore<WorkTables>, partition: number): Promise<number> {
  const highest = async (table: 'cursor' | 'parked') => {
    const row = await store.db
      .selectFrom(table)
      .select(({ fn }) => fn.max('position').as('position'))
      .where('partition', '=', partition)
      .executeTakeFirst();
    return Number(row?.position ?? 0);
  };
  return Math.max(await highest('cursor'), await highest('parked'));
}
