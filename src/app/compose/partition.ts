import { join } from 'node:path';
import type { LogEngine } from '../../core/event-log.ts';
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
import type { NodeContext } from '../node/node-context.ts';
import { startRetention } from '../node/retention.ts';
import { secretFile } from '../node/secret-file.ts';
import { lazyHttp } from './lazy-http.ts';
import { openPartitionLogs } from './partition-logs.ts';
import { watchedSources } from './watched-sources.ts';

const megabyte = 1024 * 1024;
const hour = 60 * 60 * 1000;

export interface PartitionOptions {
  readonly context: NodeContext;
  readonly engine: LogEngine;
  readonly store: StateStore<WorkTables>;
  readonly snapshot: SnapshotHolder;
  readonly loadCountries: () => Promise<CountryTable>;
  readonly partition: number;
}

export interface RunningPartition {
  state(): JsonObject;
  stop(): Promise<void>;
}

/** Process, deliver and retention of one partition. */
export async function startPartition(options: PartitionOptions): Promise<RunningPartition> {
  const { context, engine, store, snapshot, partition } = options;
  const { config, bus, clock, logger, registry } = context;
  // Whoever has it runs the cursors of the partition.
  const lease = await store.leases.take(`partition/${partition}`);
  const watched = watchedSources(bus);
  const logs = await openPartitionLogs(options, watched);
  const secret = secretFile(join(config.data, 'dedupe-secret'), logs.events.mark > 0, logger);
  const keys = await openKeySet({
    folder: join(config.data, 'keys', String(partition)),
    windowMs: config.dedupeHours * hour,
    committed: logs.events.mark,
    secret,
    logger,
  });
  const process = startProcess({
    partition,
    input: logs.accepted,
    output: logs.events,
    seen: logs.seen,
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
    results: logs.results,
    store,
    snapshot,
    definitions: destinationDefinitions,
    http,
    watched,
    lease,
    clock,
    random: Math.random,
    logger,
    registry,
  });
  const retention = startRetention({
    engine,
    partition,
    events: logs.eventsReader,
    discards: logs.discards,
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
      await logs.close();
      await lease.release();
    },
  };
}
