import type { Emit } from '../../core/entrance.ts';
import type { LogEngine, LogWriter, Offset } from '../../core/event-log.ts';
import type { Functions } from '../../core/functions.ts';
import type { Http } from '../../core/http.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Lease } from '../../core/lease.ts';
import type { Registry } from '../../core/prometheus.ts';
import type { Redeliver } from '../../core/redelivery.ts';
import type { SecretBox } from '../../core/secret-box.ts';
import type { SnapshotHolder } from '../../core/snapshot.ts';
import type { StateStore } from '../../core/state.ts';
import type { Suppressions } from '../../core/suppressions.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import { type Deliver, startDeliver } from '../../deliver/start-deliver.ts';
import { requestDefinition } from '../../functions/stage/request-lane.ts';
import { returnDefinition } from '../../functions/stage/return-lane.ts';
import { SourceShapers } from '../../process/shaping/source-shapers.ts';
import type { Staging } from '../../process/staging.ts';
import { openPartitionWriter } from '../compose/logs.ts';
import type { NodeContext } from '../node/node-context.ts';
import { returnedEvents } from './returned-events.ts';
import { shapeReturned } from './shape-returned.ts';
import { stagedResults } from './staged-results.ts';
import { StagedSnapshot, stagedPartition } from './staged-snapshot.ts';

export interface StageOptions {
  readonly context: Pick<NodeContext, 'bus' | 'clock' | 'logger'>;
  readonly engine: LogEngine;
  readonly store: StateStore<WorkTables>;
  readonly snapshot: SnapshotHolder;
  readonly suppressions: Suppressions;
  readonly http: Http;
  readonly functions: Functions;
  readonly emit: Emit;
  /** As of process. */
  readonly forward?: Redeliver;
  /** Opens what is sealed in the settings of functions. */
  secrets(): SecretBox;
  /** The log `events`, of which process is the other writer. */
  readonly events: LogWriter;
  /** Called before anything of functions is written to `events`: see `ProcessUsage.returning`. */
  onReturning(): void;
  /** Uniform in [0, 1). */
  random(): number;
  readonly partition: number;
  readonly registry: Registry;
  /** That of process. */
  readonly lease: Lease;
}

export interface Stage extends Staging {
  state(): JsonObject;
  /** `staged` goes behind this; undefined while nothing of it is there. */
  neededFrom(): Offset | undefined;
  /** `staged` begins at `start` now: what waits before it is lost. */
  onTrim(start: Offset): void;
  stop(): Promise<void>;
}

interface Open {
  readonly writer: LogWriter;
  readonly deliver: Deliver;
}

/**
 * Between the two halves of process: what waits for the functions of its source, in the log `staged`, and what runs
 * them. It is deliver once more: an order for each user, retries, a circuit for each source, so that a function that hangs delays its own
 * source alone.
 *
 * State: the log, and cursors and parked events in the tables that deliver has them in, under a partition of their own (-1 for
 * 0, -2 for 1, …). After a crash it goes on at the cursors. What `events` has got since they were committed is found there
 * and passed over: an event is in `events` once. A function may run twice on it, and what a source function sends
 * twice has the same ids. Bounds: `staged` goes by age and size as `events` does. Nothing of it is there before a
 * source has a function.
 */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { store, partition, snapshot } = options;
  const own = stagedPartition(partition);
  const rows = await store.db
    .selectFrom('cursor')
    .select('lane')
    .where('partition', '=', own)
    .execute();
  const known = rows.map(({ lane }) => lane.slice(0, lane.indexOf('/')));
  const staged = new StagedSnapshot(snapshot, options.secrets, options.context.logger, known);
  let opening: Promise<Open> | undefined;
  let opened: Open | undefined;
  const open = (): Promise<Open> => {
    opening ??= start(options, staged, own).then((made) => {
      opened = made;
      return made;
    });
    return opening;
  };
  if (staged.current.connections.length > 0) await open();
  return {
    takes: (source) => staged.takes(source),
    append: async (entries, mark) => {
      const { writer } = await open();
      // Batches are cut anew after a crash, and one may end before the last that was staged.
      return await writer.append(entries, { mark: Math.max(mark, writer.mark) });
    },
    state: () => opened?.deliver.state() ?? { lanes: [] },
    neededFrom: () => opened?.deliver.neededFrom(),
    onTrim: (start) => opened?.deliver.onTrim(start),
    stop: async () => {
      const { deliver, writer } = (await opening) ?? {};
      await deliver?.stop();
      await writer?.close();
    },
  };
}

async function start(options: StageOptions, snapshot: StagedSnapshot, own: number): Promise<Open> {
  const { context, engine, store, events, partition, functions, http, lease, registry } = options;
  const { clock, logger } = context;
  options.onReturning();
  const quiet = { ...context, engine, partition, watched: () => new Set<string>() };
  const writer = await openPartitionWriter(quiet, 'staged', await lowestEnd(store, own));
  const reader = await engine.openReader('events', partition);
  const wasReturned = await returnedEvents(reader, store, own);
  await reader.close();
  const shapers = new SourceShapers(options.snapshot, logger, options.secrets);
  const deliver = await startDeliver({
    ...{ partition: own, store, snapshot, http, functions, lease, registry, clock, logger },
    results: stagedResults(events),
    discardStage: 'process',
    events: () => engine.openReader('staged', partition),
    suppressions: options.suppressions,
    definitions: [
      returnDefinition({ events, wasReturned, shape: shapeReturned(shapers, options.forward) }),
      requestDefinition(functions, options.emit),
    ],
    watched: () => new Set(),
    random: options.random,
  });
  return { writer, deliver };
}

/** The highest offset of `staged` that a cursor or a parked event has. */
async function lowestEnd(store: StateStore<WorkTables>, own: number): Promise<Offset> {
  let end = 0;
  for (const table of ['cursor', 'parked'] as const) {
    const row = await store.db
      .selectFrom(table)
      .select(({ fn }) => fn.max('position').as('position'))
      .where('partition', '=', own)
      .executeTakeFirst();
    end = Math.max(end, Number(row?.position ?? 0));
  }
  return end;
}
