import type { Offset } from '../core/event-log.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { CommitLoop } from './cursor/commit-loop.ts';
import type { CursorStore } from './cursor/cursor-store.ts';
import type { ReplayProgress, ReplayStore } from './cursor/replay-store.ts';
import { discardParked } from './lane/discard-parked.ts';
import type { LaneDeps } from './lane/lane-deps.ts';
import { LaneLedger, type SavedLane } from './lane/lane-ledger.ts';
import { connectionOf, LaneMap } from './lane/lane-map.ts';
import type { LanePlan } from './lane/lane-plan.ts';
import { LaneRunner } from './lane/lane-runner.ts';

/** Clocks of ingest and process may differ by this much; the exact test is each event's receivedAt. */
const clockMarginMs = 1_000;
const gone = {
  code: 'destination_disabled',
  message: 'The destination, or its URL, was deleted',
} as const;
const cancelled = {
  code: 'destination_disabled',
  message: 'The replay was cancelled',
} as const;

export interface LaneSetDeps {
  readonly lanes: LaneDeps;
  readonly cursors: CursorStore;
  readonly replays: ReplayStore;
  readonly commits: CommitLoop;
  readonly planner: (snapshot: Snapshot) => ReadonlyMap<string, LanePlan>;
}

/**
 * The lanes that run, kept equal to the configuration. Changes of one connection are applied one
 * after the other, those of different connections side by side, so that a lane that is slow to let go
 * holds up only its own connection.
 *
 * A target that changed its address is the same lane under another id: of one connection, lanes
 * that go hand their cursor and parked events to those that come, in order. A lane that comes
 * beside others of its connection begins at the log's end; the first ones of a connection begin at
 * its `since`.
 *
 * Whatever fails on the way, a lane is always a runner or a saved one: the next `apply` goes on there.
 */
export class LaneSet {
  readonly #deps: LaneSetDeps;
  readonly #runners = new LaneMap<LaneRunner>();
  /** Lanes of the store that no runner has taken over yet. */
  readonly #saved: LaneMap<SavedLane>;
  readonly #turns = new Map<string, Promise<void>>();
  readonly #endedReplays = new Set<string>();
  #plans = new LaneMap<LanePlan>();
  #stopped = false;

  constructor(deps: LaneSetDeps, saved: Map<string, SavedLane>) {
    this.#deps = deps;
    this.#saved = new LaneMap(saved);
  }

  get runners(): Iterable<LaneRunner> {
    return this.#runners.values();
  }

  /** The lowest offset any lane still needs; undefined when there is none. */
  get neededFrom(): Offset | undefined {
    let lowest: Offset | undefined;
    const note = (offset: Offset) => {
      lowest = Math.min(lowest ?? offset, offset);
    };
    for (const runner of this.#runners.values()) note(runner.neededFrom);
    for (const { position, parked } of this.#saved.values()) {
      note(position);
      for (const { offset } of parked) note(offset);
    }
    return lowest;
  }

  /** Resolves when the snapshot is in force. */
  async apply(snapshot: Snapshot): Promise<void> {
    this.#plans = new LaneMap(this.#deps.planner(snapshot));
    for (const key of this.#endedReplays) {
      if (!this.#plans.has(key)) this.#endedReplays.delete(key);
    }
    const plans = [...this.#plans.values()];
    this.#deps.lanes.feed.setSources(new Set(plans.map(({ connection }) => connection.sourceId)));
    const connections = new Set(
      [this.#plans, this.#runners, this.#saved].flatMap((lanes) => [...lanes.connections()]),
    );
    await Promise.all([...connections].map((id) => this.#turn(id)));
  }

  /** After a commit: replays say how far they are; those that are over never run again. */
  async committed(): Promise<void> {
    const { clock } = this.#deps.lanes;
    for (const [key, runner] of this.#runners) {
      if (runner.plan.replay === undefined) continue;
      if (!runner.isFinished || runner.isDirty) {
        await this.#deps.replays.count(key, runner.tally.counts, clock.now());
        continue;
      }
      await this.#endReplay(key, runner);
    }
  }

  async #endReplay(key: string, runner: LaneRunner): Promise<void> {
    const { replays, cursors, lanes } = this.#deps;
    this.#runners.delete(key);
    this.#endedReplays.add(key);
    try {
      await runner.stop();
      await replays.end(key, 'done', runner.tally.counts, lanes.clock.now());
      await cursors.remove(key);
    } catch (error) {
      // Not in the books yet: the next commit tries again.
      this.#runners.set(key, runner);
      this.#endedReplays.delete(key);
      throw error;
    }
  }

  /** Stops all; nothing is started any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#runners.values()].map((runner) => runner.stop()));
    await Promise.all(this.#turns.values());
  }

  abort(): void {
    for (const runner of this.#runners.values()) runner.abort();
  }

  #turn(connection: string): Promise<void> {
    const before = this.#turns.get(connection) ?? Promise.resolve();
    const turn = before.then(() => this.#reconcile(connection));
    // A failure belongs to the caller that brought it about; the next change is tried all the same.
    const settled = turn
      .catch(() => undefined)
      .then(() => {
        if (this.#turns.get(connection) === settled) this.#turns.delete(connection);
      });
    this.#turns.set(connection, settled);
    return turn;
  }

  async #reconcile(connection: string): Promise<void> {
    if (this.#stopped) return;
    const plans = this.#plans;
    const wanted = plans.keysOf(connection).flatMap((key) => plans.get(key) ?? []);
    const known = [...this.#runners.keysOf(connection), ...this.#saved.keysOf(connection)];
    const leaving = known.filter((key) => !plans.has(key));
    const isNew = known.every((key) => replayOf(key) !== undefined);
    const over = await this.#replaysOver(wanted);
    for (const plan of wanted) {
      const { key } = plan;
      const runner = this.#runners.get(key);
      // Stopped, and then something failed.
      if (runner?.isStopped) await this.#halt(key);
      if (this.#runners.has(key)) runner?.update(plan);
      else if (!this.#endedReplays.has(key)) await this.#start(plan, leaving, isNew, over);
    }
    for (const key of leaving) await this.#remove(key);
    if (wanted.length > 0) return;
    await this.#deps.lanes.metrics.forget(connection);
    await this.#deps.lanes.failures?.forget(connection);
    this.#deps.lanes.quotas.forget(connection);
    await this.#deps.lanes.gone?.(connection);
  }

  /** Replays of which every lane is over: a URL that comes later does not begin them again. */
  async #replaysOver(wanted: readonly LanePlan[]): Promise<Set<string>> {
    const over = new Set<string>();
    for (const { key, replay } of wanted) {
      if (replay === undefined || this.#runners.has(key) || this.#endedReplays.has(key)) continue;
      if (await this.#deps.replays.isOver(replay.id)) over.add(replay.id);
    }
    return over;
  }

  async #start(
    plan: LanePlan,
    leaving: string[],
    isNew: boolean,
    over: ReadonlySet<string>,
  ): Promise<void> {
    const { lanes } = this.#deps;
    if (over.has(plan.replay?.id ?? '')) {
      this.#endedReplays.add(plan.key);
      return;
    }
    const taken = this.#saved.get(plan.key) ?? (await this.#takeOver(plan, leaving));
    const progress = await this.#progressOf(plan);
    if (progress !== undefined && progress.state !== 'running') {
      this.#endedReplays.add(plan.key);
      return;
    }
    const saved = taken ?? (await this.#create(plan, isNew));
    this.#saved.delete(plan.key);
    if (this.#stopped) return;
    const runner = new LaneRunner(plan, saved, lanes, progress?.until);
    if (progress !== undefined) runner.tally.begin(progress);
    this.#runners.set(plan.key, runner);
    const start = await lanes.feed.start();
    if (start > saved.position) runner.trimmed(start);
    lanes.changed();
    runner.pump();
  }

  async #progressOf(plan: LanePlan): Promise<ReplayProgress | undefined> {
    if (plan.replay === undefined) return undefined;
    return (await this.#deps.replays.find(plan.key)) ?? (await this.#beginReplay(plan));
  }

  #beginReplay({ key, connection, replay }: LanePlan): Promise<ReplayProgress> {
    const { replays, lanes } = this.#deps;
    const ids = { replay: replay?.id ?? '', connection: connection.id };
    return lanes.feed.end().then((end) => replays.begin(key, ids, end, lanes.clock.now()));
  }

  /** The cursor of a lane of the same connection (and replay) that leaves. */
  async #takeOver(plan: LanePlan, leaving: string[]): Promise<SavedLane | undefined> {
    const at = leaving.findIndex((key) => replayOf(key) === plan.replay?.id);
    const [from] = at === -1 ? [] : leaving.splice(at, 1);
    if (from === undefined) return undefined;
    await this.#halt(from);
    const saved = this.#saved.get(from);
    if (saved === undefined) return undefined;
    await this.#deps.cursors.rename(from, plan.key);
    this.#saved.delete(from);
    this.#saved.set(plan.key, saved);
    return saved;
  }

  async #create({ key, connection, replay }: LanePlan, isNew: boolean): Promise<SavedLane> {
    const { cursors, lanes } = this.#deps;
    const feed = replay === undefined ? lanes.feed : lanes.archived;
    const since = replay?.from ?? (isNew ? connection.since : undefined);
    const position =
      since === undefined
        ? await lanes.feed.end()
        : await feed.offsetAt(Math.max(0, since - clockMarginMs), connection.sourceId);
    return await cursors.create(key, position, lanes.clock.now());
  }

  /** What it has not delivered becomes discards, parked events each, unread ones as one count; then its rows go. */
  async #remove(key: string): Promise<void> {
    const { cursors, lanes, replays } = this.#deps;
    const runner = await this.#halt(key);
    if (this.#stopped) return;
    const saved = this.#saved.get(key);
    const replay = replayOf(key);
    if (saved !== undefined) {
      const source = runner?.plan.connection.sourceId;
      const owner = { lane: key, connection: connectionOf(key), source };
      const reason = replay === undefined ? gone : cancelled;
      const feed = replay === undefined ? lanes.feed : lanes.archived;
      const parts = { ...lanes, feed, tally: runner?.tally };
      await discardParked(new LaneLedger(saved), owner, reason, parts);
      // What a cancelled replay has not repeated is not lost.
      if (replay === undefined) await runner?.leaveUnread(gone.code, gone.message);
    }
    if (replay !== undefined) {
      const counts = runner?.tally.counts ?? (await replays.find(key));
      if (counts) await replays.end(key, 'cancelled', counts, lanes.clock.now());
    }
    await cursors.remove(key);
    this.#saved.delete(key);
  }

  /** Stops a runner and commits what it did; its lane is then a saved one. */
  async #halt(key: string): Promise<LaneRunner | undefined> {
    const runner = this.#runners.get(key);
    if (runner === undefined) return undefined;
    await runner.stop();
    await this.#deps.commits.commit();
    const saved = (await this.#deps.cursors.lanes(key)).get(key);
    this.#runners.delete(key);
    if (saved !== undefined) this.#saved.set(key, saved);
    return runner;
  }
}

function replayOf(key: string): string | undefined {
  return key.split('/')[2];
}
