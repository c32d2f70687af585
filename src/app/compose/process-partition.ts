import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Emit } from '../../core/entrance.ts';
import type { LogName, LogReader, Offset } from '../../core/event-log.ts';
import type { Functions } from '../../core/functions.ts';
import type { Http } from '../../core/http.ts';
import { dropGauges } from '../../core/prometheus.ts';
import type { CountryTable } from '../../process/policy/country-table.ts';
import { startProcess } from '../../process/start-process.ts';
import { openKeySet } from '../../storage/keys/open-key-set.ts';
import { startProcessUsage } from '../../usage/process-usage.ts';
import { dedupeSecret } from '../node/dedupe-secret.ts';
import { redeliverOverBus } from '../node/redelivery-channel.ts';
import { readSecretBox } from '../node/secret-key.ts';
import type { PartitionWork } from '../partitions/owned-partition.ts';
import type { PartitionDeps } from '../partitions/partition-deps.ts';
import { trimInput } from '../retention/input-retention.ts';
import { startRetention } from '../retention/retention.ts';
import { openStage } from '../stage/open-stage.ts';
import { openPartitionWriter } from './logs.ts';

const megabyte = 1024 * 1024;
const hour = 60 * 60 * 1000;

export interface ProcessPartitionOptions extends PartitionDeps {
  /** Run the functions of sources, and take in what they send. */
  readonly http: Http;
  readonly functions: Functions;
  readonly emit: Emit;
  readonly loadCountries: () => Promise<CountryTable>;
}

/** Process of one partition, and the retention of what it reads. Opening `events` shuts out whoever had it before. */
export async function startProcessPartition(
  options: ProcessPartitionOptions,
): Promise<PartitionWork> {
  await using starting = new AsyncDisposableStack();
  const { context, engine, store, partition, registry, lease } = options;
  const { bus, clock, config, logger } = context;
  const openReader = async (log: LogName): Promise<LogReader> => {
    const reader = await engine.openReader(log, partition);
    starting.defer(() => reader.close());
    return reader;
  };
  const openWriter = async (log: 'events' | 'seen', floor?: Offset) => {
    const writer = await openPartitionWriter({ ...options, ...context }, log, floor);
    starting.defer(() => writer.close());
    return writer;
  };
  const output = await openWriter('events', await lowestEnd(options));
  const seen = { writer: await openWriter('seen'), reader: await openReader('seen') };
  const input = await openReader('accepted');
  starting.defer(
    bus.subscribe('wake', (log) => {
      if (log === 'accepted') input.wake();
    }),
  );
  const secret = await dedupeSecret({ ...context, engine, store, inUse: output.mark > 0 });
  const keys = await openKeySet({
    folder: join(config.data, 'keys', String(partition)),
    windowMs: config.dedupeHours * hour,
    committed: output.mark,
    secret,
    logger,
  });
  starting.defer(() => keys.close());
  const usage = startProcessUsage({
    ...{ partition, store, lease, clock, logger },
    reader: await openReader('events'),
    end: output.end,
    mark: output.mark,
    inputRepeats: engine.outlivesNode,
  });
  starting.defer(() => usage.stop());
  const forward = redeliverOverBus(bus, clock, () => randomBytes(8).toString('hex'));
  const stage = await openStage({
    ...options,
    events: output,
    forward,
    secrets: () => readSecretBox(config),
    onReturning: () => usage.returning(),
    random: Math.random,
  });
  starting.defer(() => stage.stop());
  starting.defer(() => dropGauges(registry));
  const process = startProcess({
    ...{ partition, input, output, seen, keys, secret, clock, logger, registry, usage },
    snapshot: options.snapshot,
    suppressions: options.suppressions,
    loadCountries: options.loadCountries,
    forward,
    secrets: () => readSecretBox(config),
    staging: stage,
    outlivesNode: engine.outlivesNode,
  });
  // That it failed, `done` says.
  starting.defer(() => process.stop().catch(() => undefined));
  const staged = {
    neededFrom: () => stage.neededFrom(),
    onTrim: (start: Offset) => stage.onTrim(start),
    mostMs: config.eventsHours * hour,
    mostBytes: config.eventsMegabytes * megabyte,
  };
  const needs = () => process.needs();
  const trim = () => trimInput({ engine, partition, clock, logger, needs, staged });
  const retention = startRetention(trim, { clock });
  starting.defer(() => retention.stop());
  const running = starting.move();
  return {
    state: () => ({ ...process.state(), stage: stage.state() }),
    done: process.done,
    stop: () => running.disposeAsync(),
  };
}

/** The highest offset of `events` that anything derived from it has recorded: cursors, parked events, kept discards, the archive. */
async function lowestEnd({ engine, store, partition }: ProcessPartitionOptions): Promise<Offset> {
  const highest = async (table: 'cursor' | 'parked' | 'archive_position') => {
    const row = await store.db
      .selectFrom(table)
      .select(({ fn }) => fn.max('position').as('position'))
      .where('partition', '=', partition)
      .executeTakeFirst();
    return Number(row?.position ?? 0);
  };
  const discards = await engine.openReader('discards', partition);
  const mark = await discards.mark();
  await discards.close();
  return Math.max(
    mark,
    await highest('cursor'),
    await highest('parked'),
    await highest('archive_position'),
  );
}
