import type { Deletion } from '../../core/deletion.ts';
import type { DestinationDefinition } from '../../core/destination.ts';
import type { Functions } from '../../core/functions.ts';
import type { Http } from '../../core/http.ts';
import { limits } from '../../core/limits.ts';
import type { ObjectStore } from '../../core/object-store.ts';
import { dropGauges } from '../../core/prometheus.ts';
import type { DeliveryQuotas } from '../../deliver/limits/delivery-quotas.ts';
import { startDeliver } from '../../deliver/start-deliver.ts';
import { forgetTokens } from '../../destinations/library/tokens/token-store.ts';
import { openDeliverUsage } from '../../usage/deliver-usage.ts';
import type { PartitionWork } from '../partitions/owned-partition.ts';
import type { PartitionDeps } from '../partitions/partition-deps.ts';
import { outputTrimmer } from '../retention/output-retention.ts';
import { startRetention } from '../retention/retention.ts';
import { startPartitionArchive } from './archive-partition.ts';
import { openPartitionWriter } from './logs.ts';

const megabyte = 1024 * 1024;
const hour = 60 * 60 * 1000;

export interface DeliverPartitionOptions extends PartitionDeps {
  readonly http: Http;
  readonly definitions: readonly DestinationDefinition[];
  readonly functions: Functions;
  /** Of all partitions of this process. */
  readonly quotas: DeliveryQuotas;
  /** Where the archive is; undefined: there is none. */
  readonly objects: (() => Promise<ObjectStore>) | undefined;
  /** What regulations want deleted. */
  deletions(): Promise<readonly Deletion[]>;
}

/** Deliver of one partition, and the retention of what it reads and writes. */
export async function startDeliverPartition(
  options: DeliverPartitionOptions,
): Promise<PartitionWork> {
  await using starting = new AsyncDisposableStack();
  const { context, engine, partition, registry } = options;
  const { clock, config, logger } = context;
  const openWriter = async (log: 'results' | 'discards') => {
    const writer = await openPartitionWriter({ ...options, ...context }, log);
    starting.defer(() => writer.close());
    return writer;
  };
  const results = await openWriter('results');
  const discards = await openWriter('discards');
  const events = await engine.openReader('events', partition);
  starting.defer(() => events.close());
  starting.defer(() => dropGauges(registry));
  const { store, snapshot, suppressions, http, watched, lease, objects } = options;
  const archive = objects && (await startPartitionArchive({ ...options, objects }));
  starting.defer(() => archive?.close());
  const deliver = await startDeliver({
    ...{
      partition,
      results,
      store,
      snapshot,
      suppressions,
      http,
      watched,
      lease,
      clock,
      logger,
      registry,
    },
    usage: await openDeliverUsage({ partition, store, lease, clock }),
    events: () => engine.openReader('events', partition),
    inputRepeats: engine.outlivesNode,
    gone: (connection) => forgetTokens(store, connection),
    definitions: options.definitions,
    functions: options.functions,
    quotas: options.quotas,
    archive: archive?.reader,
    random: Math.random,
  });
  starting.defer(() => deliver.stop());
  const trim = outputTrimmer({
    ...{ engine, partition, events, discards, clock, logger },
    eventsMs: config.eventsHours * hour,
    eventsBytes: config.eventsMegabytes * megabyte,
    outcomesBytes: limits.outcomesBytes,
    eventsNeededFrom: () => deliver.neededFrom(),
    onEventsTrimmed: (start) => deliver.onTrim(start),
  });
  const retention = startRetention(trim, { clock });
  starting.defer(() => retention.stop());
  const running = starting.move();
  return {
    state: () => ({ ...deliver.state(), ...(archive && { archive: archive.writer.state() }) }),
    // It never gives up by itself: what a destination, the log or the store refuses is tried again.
    done: new Promise(() => undefined),
    stop: () => running.disposeAsync(),
  };
}
