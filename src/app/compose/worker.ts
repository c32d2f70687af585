import { join } from 'node:path';
import type { LogEngine, LogName, LogWriter, OpenWriterOptions } from '../../core/event-log.ts';
import type { JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import type { SnapshotHolder } from '../../core/snapshot.ts';
import type { StateStore } from '../../core/state.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';

import { startDeliver } from '../../deliver/start-deliver.ts';
import { destinationDefinitions } from '../../destinations/destination-definitions.ts';
import type { CountryTable } from '../../process/policy/country-table.ts';
import { startProcess } from '../../process/start-process.ts';
import { openKeySet } from '../../storage/keys/open-key-set.ts';
import { stateStores } from '../../storage/open-state.ts';
import type { NodeContext } from '../node/node-context.ts';
import { startRetention } from '../node/retention.ts';
import type { RunningRole } from '../node/running-role.ts';
import { secretFile } from '../node/secret-file.ts';
import { createSnapshotFile } from '../node/snapshot-file.ts';
import { throttledWake } from '../node/throttled-wake.ts';
import { countryTable } from './country-table.ts';
import { lazyHttp } from './lazy-http.ts';
import { openLogs, reportRecovery } from './logs.ts';
import { watchedSources } from './watched-sources.ts';

const megabyte = 1024 * 1024;
const hour = 60 * 60 * 1000;

/** The process that works the logs off: process, deliver and retention, one of each per partition. */
export async function composeWorker(context: NodeContext): Promise<RunningRole> {
  const { config, bus, logger } = context;
  const snapshotFile = createSnapshotFile(join(config.data, 'snapshot.json'), bus, logger);
  const engine = await openLogs(context);
  const store = await stateStores(config.state).openWork();
  const snapshot = await snapshotFile.hold();
  const loadCountries = countryTable(config.countryTable);
  const parts = await Promise.all(
    Array.from({ length: engine.partitions }, (_, partition) =>
      startPartition({ context, engine, store, snapshot, loadCountries, partition }),
    ),
  );
  return {
    banner: {},
    health: () => ({ state: 'running', partitions: parts.map((part) => part.state()) }),
    stop: async () => {
      await Promise.all(parts.map((part) => part.stop()));
      await engine.close();
      await store.close();
    },
  };
}

interface PartitionOptions {
  readonly context: NodeContext;
  readonly engine: LogEngine;
  readonly store: StateStore<WorkTables>;
  readonly snapshot: SnapshotHolder;
  readonly loadCountries: () => Promise<CountryTable>;
  readonly partition: number;
}

interface RunningPartition {
  state(): JsonObject;
  stop(): Promise<void>;
}

async function startPartition(options: PartitionOptions): Promise<RunningPartition> {
  const { context, engine, store, snapshot, partition } = options;
  const { config, bus, clock, logger, registry } = context;
  const watched = watchedSources(bus);
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
  const seen = await open('seen');
  const input = await engine.openReader('accepted', partition);
  bus.subscribe('wake', (log) => {
    if (log === 'accepted') input.wake();
  });
  const seenReader = await engine.openReader('seen', partition);
  const secret = secretFile(join(config.data, 'dedupe-secret'), events.mark > 0, logger);
  const keys = await openKeySet({
    folder: join(config.data, 'keys', String(partition)),
    windowMs: config.dedupeHours * hour,
    committed: events.mark,
    secret,
    logger,
  });
  const process = startProcess({
    partition,
    input,
    output: events,
    seen: { writer: seen, reader: seenReader },
    keys,
    secret,
    snapshot,
    loadCountries: options.loadCountries,
    clock,
    logger,
    registry,
  });
  // It rejects when processing cannot go on; unhandled, that ends this process, and it is started again.
  void process.done;
  const http = lazyHttp({ allowPrivateTargets: config.allowPrivateTargets, clock });
  const deliver = await startDeliver({
    partition,
    events: () => engine.openReader('events', partition),
    results,
    store,
    snapshot,
    definitions: destinationDefinitions,
    http,
    watched,
    clock,
    random: Math.random,
    logger,
    registry,
  });
  const eventsReader = await engine.openReader('events', partition);
  const retention = startRetention({
    engine,
    partition,
    events: eventsReader,
    discards,
    clock,
    logger,
    eventsMs: config.eventsHours * hour,
    eventsBytes: config.eventsMegabytes * megabyte,
    outcomesBytes: limits.outcomesBytes,
    acceptedNeededFrom: () => process.needs().accepted,
    seenNeededFrom: () => process.needs().seen,
    eventsNeededFrom: () => deliver.neededFrom(),
    onEventsTrimmed: (start) => deliver.onTrim(start),
  });
  return {
    state: () => ({ process: process.state(), deliver: deliver.state() }),
    stop: async () => {
      await Promise.all([process.stop(), deliver.stop(), retention.stop()]);
      await http.close();
      await keys.close();
      for (const reader of [input, seenReader, eventsReader]) await reader.close();
      for (const writer of [events, results, discards, seen]) await writer.close();
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
