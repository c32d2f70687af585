import type { ArchiveReader } from '../core/archive.ts';
import type { Clock } from '../core/clock.ts';
import type { DestinationDefinition } from '../core/destination.ts';
import type { DiscardStage } from '../core/discard-codes.ts';
import type { LogReader, LogWriter, Offset } from '../core/event-log.ts';
import type { Functions } from '../core/functions.ts';
import type { Http } from '../core/http.ts';
import type { JsonObject } from '../core/json.ts';
import type { Lease } from '../core/lease.ts';
import { limits } from '../core/limits.ts';
import type { Logger } from '../core/logger.ts';
import type { Registry } from '../core/prometheus.ts';
import type { Snapshot, SnapshotHolder } from '../core/snapshot.ts';
import type { StateStore } from '../core/state.ts';
import type { Suppressions } from '../core/suppressions.ts';
import type { WorkTables } from '../core/tables/work-tables.ts';
import type { DeliverUsage } from '../core/usage/usage.ts';
import { CommitLoop } from './cursor/commit-loop.ts';
import { CursorStore } from './cursor/cursor-store.ts';
import { aheadOf, asCommit, forgetStamps } from './cursor/forget-stamps.ts';
import { ReplayStore } from './cursor/replay-store.ts';
import { deliverMetrics } from './deliver-metrics.ts';
import { archivedFeed } from './events/archived-feed.ts';
import { openEventFeed } from './events/event-feed.ts';
import { FailureRecorder } from './exchanges/failure-recorder.ts';
import { type LaneDeps, type LaneLimits, standardLaneLimits } from './lane/lane-deps.ts';
import { createPlanner } from './lane/lane-plan.ts';
import { SickTurns } from './lane/sick-turns.ts';
import { LaneSet } from './lane-set.ts';
import { laneState, setLaneGauges } from './lane-state.ts';
import { createDeliveryQuotas, type DeliveryQuotas } from './limits/delivery-quotas.ts';
import { ResultWriter } from './results/result-writer.ts';

export interface DeliverDeps {
  readonly partition: number;
  /** Opens a reader of this partition of `events`; called a few times, each reader is closed on stop. */
  events(): Promise<LogReader>;
  /**
   * Whether input may stand in `events` twice, as where several nodes may have written it: the stamps of earlier runs
   * tell. Default true. Where it cannot, they are forgotten: a log that was lost gives the offsets in them away again.
   */
  readonly inputRepeats?: boolean;
  /** The log `results`, of which this is the one writer. The caller closes it, after `stop`. */
  readonly results: LogWriter;
  /** The `work` database. A commit need not survive power loss: what it held is then repeated. */
  readonly store: StateStore<WorkTables>;
  readonly snapshot: SnapshotHolder;
  /** Kept up to date by the caller. */
  readonly suppressions: Suppressions;
  readonly definitions: readonly DestinationDefinition[];
  /** Runs insert functions; connections that have one are not delivered to without it. */
  readonly functions?: Functions | undefined;
  readonly http: Http;
  /** The sources somebody watches just now. */
  watched(): ReadonlySet<string>;
  /** Of the partition: sends and writes are under it. Released by the caller, after `stop`. */
  readonly lease: Lease;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  random(): number;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Of what is given up here, in the metrics. Default `deliver`. */
  readonly discardStage?: DiscardStage;
  /** Counts for users; absent in tests that are not about it. */
  readonly usage?: DeliverUsage | undefined;
  /** What the log no longer has, for replays. */
  readonly archive?: ArchiveReader | undefined;
  /** Called when a connection was deleted, once its lanes are gone: what others keep of it goes too. May come twice. */
  readonly gone?: (connection: string) => Promise<void>;
  /** Shared by the partitions of a process. Absent: this one is all there is. */
  readonly quotas?: DeliveryQuotas;
  /** Tests shrink these. */
  readonly laneLimits?: Partial<LaneLimits>;
}

export interface Deliver {
  /** For `/health`: `{lanes: [{lane, destination, position, lagEvents, lagSeconds, parked, circuit, places, delivered, discarded, filtered}]}`. */
  state(): JsonObject;
  /** The lowest offset of `events` that a cursor or a parked event still needs; the highest safe integer when there is none. */
  neededFrom(): Offset;
  /** `events` begins at `start` now: what a cursor or a parked event has lost becomes counted `expired` discards. */
  onTrim(start: Offset): void;
  /** Wakes the readers: the end of `events` may have moved. */
  wake(): void;
  /** Sends nothing new, waits for what is in flight (bounded), commits every cursor. */
  stop(): Promise<void>;
}

/** Share of `limits.stopMs` that what is in flight gets. */
const drainShare = 0.5;
/** And what was cancelled then. */
const abortShare = 0.1;
const lagEveryMs = 5_000;
const scrapeMs = 250;
const applyRetryMs = 1_000;
const startMs = 1_000;

/** Starts delivering from one partition of `events` to every destination of the snapshot. */
export async function startDeliver(deps: DeliverDeps): Promise<Deliver> {
  const { clock, logger, partition } = deps;
  const metrics = deliverMetrics(
    deps.registry,
    async () => {
      // Behind a busy log the lags of the last few seconds have to do: whoever asks for metrics gives up soon.
      await atMost(refreshLags(), scrapeMs);
      setLaneGauges(metrics, set.runners, clock.monotonic());
    },
    deps.discardStage,
  );
  const results = new ResultWriter(deps.results, partition, clock, metrics, logger);
  const failures = new FailureRecorder({ partition, store: deps.store, clock, logger });
  const feed = await openEventFeed(deps.events, logger);
  const cursors = new CursorStore(deps.store, partition, deps.lease);
  const replays = new ReplayStore(deps.store, partition, deps.lease);
  const commits: CommitLoop = new CommitLoop({
    store: cursors,
    clock,
    logger,
    everyMs: limits.cursorCommitMs,
    usage: deps.usage,
    runners: () => set.runners,
    committed: () => set.committed(),
  });
  deps.usage?.onDue(() => commits.changed());
  const quotas = deps.quotas ?? createDeliveryQuotas(clock, 1);
  const leaveQuotas = quotas.join();
  const lanes: LaneDeps = {
    feed,
    archived: deps.archive === undefined ? feed : archivedFeed(feed, deps.archive),
    results,
    http: deps.http,
    clock,
    random: deps.random,
    logger,
    metrics,
    usage: deps.usage,
    failures,
    lease: deps.lease,
    limits: { ...standardLaneLimits, ...deps.laneLimits },
    quotas,
    sickTurns: new SickTurns(clock),
    suppressions: deps.suppressions,
    isWatched: (source) => deps.watched().has(source),
    changed: () => commits.changed(),
    gone: deps.gone,
  };
  const planner = createPlanner(deps.definitions, deps.functions);
  const saved = await cursors.lanes();
  const ahead = aheadOf(await feed.mark(), saved);
  for (const [lane, { position, stamp }] of ahead) {
    metrics.cursorsAhead.inc({ destination: lane.split('/', 1)[0] ?? lane });
    const message = 'a cursor was ahead of the log, which was lost or is older: some may repeat';
    logger.error({ lane, position, stamp }, message);
  }
  const unstamped = forgetStamps(deps.inputRepeats === false ? saved : ahead);
  await cursors.commit(unstamped.map(asCommit), clock.now());
  const set = new LaneSet(
    { lanes, cursors, replays, commits, planner },
    new Map([...saved, ...unstamped]),
  );

  let cancelRetry = () => {};
  const apply = async (snapshot: Snapshot): Promise<void> => {
    cancelRetry();
    try {
      await set.apply(snapshot);
    } catch (error) {
      // The store or the log said no: what is in force stays so, and the rest is tried again.
      logger.error({ err: error, version: snapshot.version }, 'a snapshot was not applied in full');
      cancelRetry = clock.after(applyRetryMs, () => void apply(deps.snapshot.current));
    }
  };
  const unsubscribe = deps.snapshot.subscribe((snapshot) => void apply(snapshot));
  // Clearing away what a deleted destination left behind may take longer than a start should.
  await atMost(apply(deps.snapshot.current), startMs);

  const refreshLags = async (): Promise<void> => {
    const refreshed = await Promise.allSettled(Array.from(set.runners, (one) => one.refreshLag()));
    for (const one of refreshed) {
      if (one.status === 'rejected') logger.warn({ err: one.reason }, 'a lag cannot be counted');
    }
  };
  let cancelLag = () => {};
  let isStopped = false;
  const refreshRegularly = (): void => {
    if (isStopped) return;
    cancelLag = clock.after(lagEveryMs, () => void refreshLags().then(refreshRegularly));
  };
  void refreshLags().then(refreshRegularly);

  async function atMost(work: Promise<void>, ms: number): Promise<void> {
    const bound = new AbortController();
    await Promise.race([work, clock.sleep(ms, bound.signal)]);
    bound.abort();
  }

  return {
    state: () => ({ lanes: Array.from(set.runners, laneState) }),
    neededFrom: () => set.neededFrom ?? Number.MAX_SAFE_INTEGER,
    onTrim(start) {
      for (const runner of set.runners) runner.trimmed(start);
    },
    wake: () => feed.wake(),
    async stop() {
      isStopped = true;
      unsubscribe();
      cancelLag();
      cancelRetry();
      const drained = set.stop();
      await atMost(drained, limits.stopMs * drainShare);
      set.abort();
      await atMost(drained, limits.stopMs * abortShare);
      await results.stop();
      await failures.stop();
      commits.stop();
      try {
        await commits.commit();
      } finally {
        leaveQuotas();
        await feed.close();
      }
    },
  };
}
