import type { DiscardCode } from '../../core/discard-codes.ts';
import type { Offset } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';
import type { LaneCommit } from '../cursor/cursor-store.ts';
import type { StoredEvent } from '../events/stored-event.ts';
import { LaneQuota } from '../limits/lane-quota.ts';
import { disabled, type LaneParts } from './attempt-end.ts';
import { Circuit } from './circuit.ts';
import { discardParked } from './discard-parked.ts';
import { editedBy } from './edited-by.ts';
import { type Routing, routingOf } from './integrations.ts';
import { isSuppressed } from './is-suppressed.ts';
import { lacksConsent } from './lacks-consent.ts';
import type { LaneDeps } from './lane-deps.ts';
import type { LaneItem } from './lane-item.ts';
import { LaneLag } from './lane-lag.ts';
import { LaneLedger, type SavedLane } from './lane-ledger.ts';
import { isForLane, type LanePlan } from './lane-plan.ts';
import { LaneReader } from './lane-reader.ts';
import { LaneReports } from './lane-reports.ts';
import { LaneSender } from './lane-sender.ts';
import type { LaneState } from './lane-state.ts';
import { LaneTally } from './lane-tally.ts';
import { Pace } from './pace.ts';
import { Standing } from './standing.ts';

const pauseMs = 1_000;
/** Requests are stamped when they begin and appended when they end: no further out of order than this. */
const receivedOutOfOrderMs = 2 * limits.requestTimeoutMs;

/**
 * One lane at work: reads its source's events, sends them in order, parks what must be repeated. What
 * it did is in its ledger, which the commit loop writes. `pump` is its heart: called whenever
 * something changed, it sends and reads as much as the bounds allow, and never waits; where the far end is sick, a
 * little later.
 */
export class LaneRunner {
  readonly tally: LaneTally;
  readonly #deps: LaneDeps;
  readonly #ledger: LaneLedger;
  readonly #circuit: Circuit;
  readonly #pace = new Pace();
  readonly #standing = new Standing();
  readonly #lag: LaneLag;
  readonly #reader: LaneReader;
  readonly #reports: LaneReports;
  readonly #sender: LaneSender;
  readonly #abort = new AbortController();
  /** What the log no longer has the archive may have. */
  readonly #isArchived: boolean;
  #plan: LanePlan;
  #quota: LaneQuota | undefined;
  #running = true;
  #discarding: Promise<void> | undefined;
  #pausedUntil = 0;
  #isPastSince = false;
  #alarm: { readonly at: number; cancel(): void } | undefined;

  /** `until`: for a replay, the offset at which it ends at the latest. */
  constructor(plan: LanePlan, saved: SavedLane, shared: LaneDeps, until?: Offset) {
    const deps = plan.replay === undefined ? shared : { ...shared, feed: shared.archived };
    this.#plan = plan;
    this.#deps = deps;
    this.#isArchived = deps.feed !== shared.feed;
    this.#ledger = new LaneLedger(saved);
    this.#circuit = new Circuit(saved.openMs);
    this.#lag = new LaneLag(deps.feed, plan.connection.sourceId, saved.position);
    this.tally = laneTally(plan, deps);
    this.#reports = new LaneReports(deps, this.tally, () => this.#plan);
    const failed = (error: unknown) => this.#pause(error);
    this.#quota = this.#quotaOf(plan);
    const parts: LaneParts = {
      deps,
      ledger: this.#ledger,
      circuit: this.#circuit,
      pace: this.#pace,
      standing: this.#standing,
      tally: this.tally,
      reports: this.#reports,
      signal: this.#abort.signal,
      plan: () => this.#plan,
      quota: () => this.#quota,
      isOff: () => this.#isOff,
    };
    this.#sender = new LaneSender(parts, { ended: () => this.pump(), failed });
    this.#reader = new LaneReader({
      feed: deps.feed,
      source: plan.connection.sourceId,
      ledger: this.#ledger,
      lag: this.#lag,
      until,
      lastTime: plan.replay && plan.replay.to + receivedOutOfOrderMs,
      take: (event) => this.#take(event),
      more: () => {
        deps.changed();
        this.pump();
      },
      failed,
      expired: (from, to, count) => this.#reports.expired(from, to, count),
    });
  }

  get plan(): LanePlan {
    return this.#plan;
  }

  get neededFrom(): Offset {
    return this.#isArchived ? Number.MAX_SAFE_INTEGER : this.#ledger.neededFrom;
  }

  /** A replay is over: everything is read and nothing waits. */
  get isFinished(): boolean {
    const { freshCount, parkedCount } = this.#ledger;
    return this.#reader.isExhausted && freshCount === 0 && parkedCount === 0;
  }

  get isStopped(): boolean {
    return !this.#running;
  }

  /** Something is not committed. */
  get isDirty(): boolean {
    return this.#ledger.isDirty;
  }

  get state(): LaneState {
    const { parkedCount, freshCount, position, oldestFresh } = this.#ledger;
    const behind = this.#lag.remaining + freshCount;
    const oldest = oldestFresh?.stored?.meta.t ?? this.#reader.lastReceivedAt;
    const ageMs = behind === 0 || oldest === 0 ? 0 : this.#deps.clock.now() - oldest;
    return {
      position,
      lagEvents: behind,
      lagSeconds: Math.max(0, ageMs / 1_000),
      parked: parkedCount,
      circuit: this.#circuit.isOpen ? 'open' : 'closed',
      places: this.#pace.placesOf(
        this.#quota?.placesOf(this.#deps.limits.concurrency) ?? this.#deps.limits.concurrency,
      ),
      limited: this.#quota?.holdsBack ?? false,
    };
  }

  refreshLag(): Promise<void> {
    return this.#lag.refresh();
  }

  /** The configuration changed: holds from the next attempt on. */
  update(plan: LanePlan): void {
    const isNewTarget = plan.lane !== this.#plan.lane;
    this.#plan = plan;
    this.#quota = this.#quotaOf(plan);
    if (isNewTarget) this.#pace.reset();
    if (isNewTarget) this.#sender.regather();
    if (isNewTarget && this.#circuit.isOpen) this.#circuit.probeSoon(this.#deps.clock.monotonic());
    this.pump();
  }

  /** What to commit; undefined when nothing changed. */
  collect(): LaneCommit | undefined {
    if (!this.#ledger.isDirty) return undefined;
    const openMs = this.#circuit.openMs(this.#deps.clock.monotonic());
    return { lane: this.#plan.key, openMs, changes: this.#ledger.collect() };
  }

  /** The commit failed. */
  restore(commit: LaneCommit): void {
    this.#ledger.restore(commit.changes);
  }

  /** Sends nothing more; resolves when nothing is in flight. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#alarm?.cancel();
    this.#quota?.stop();
    this.#reader.stop();
    await Promise.all([this.#sender.stop(), this.#discarding]);
  }

  /** Stopped, it ends for good: the events it has not taken become one counted discard. */
  async leaveUnread(code: DiscardCode, message: string): Promise<void> {
    await this.#lag.refresh();
    const { position, lagEvents } = this.state;
    if (lagEvents === 0) return;
    const end = await this.#deps.feed.end();
    await this.#reports.unread(code, message, position, end, lagEvents);
  }

  /** Cancels what is in flight: it stays unfinished and will be repeated. */
  abort(): void {
    this.#abort.abort();
  }

  /** The log begins at `start` now: what the lane has lost becomes counted `expired` discards. */
  trimmed(start: Offset): void {
    if (this.#isArchived) return;
    const lost = this.#ledger.parkedBefore(start);
    const [first] = lost;
    const last = lost.at(-1);
    if (first !== undefined && last !== undefined) {
      for (const item of lost) item.sending = true;
      this.#sender.hold(first, this.#expire(lost, first.offset, last.offset));
    }
    this.#reader.trimmed(start);
  }

  pump(): void {
    if (this.#standing.isSick) this.#deps.sickTurns.ask(this.#work);
    else this.#work();
  }

  readonly #work = (): void => {
    const { clock } = this.#deps;
    if (!this.#running || clock.monotonic() < this.#pausedUntil) return;
    if (!this.#deps.lease.holds()) {
      this.#wakeAt(clock.monotonic() + limits.leaseAskMs);
      return;
    }
    const now = clock.now();
    if (this.#isOff) {
      this.#passUnsent();
    } else if (this.#discarding !== undefined) {
      // Switched on again: first what is being discarded comes to its end.
      return;
    } else if (this.#circuit.isOpen) {
      if (this.#sender.isProbing) return;
      const isDue = clock.monotonic() >= this.#circuit.probeAt;
      // Nothing at hand to try with: then the next event that is read.
      if (isDue && !this.#sender.probe() && this.#hasRoom) this.#reader.readMore();
      else if (!isDue) this.#wakeAt(this.#circuit.probeAt);
      return;
    } else if (clock.monotonic() >= this.#pace.pausedUntil) {
      this.#sender.sendDue();
      this.#sender.sendFresh();
    }
    if (this.#hasRoom) this.#reader.readMore();
    if (clock.monotonic() < this.#pace.pausedUntil) {
      this.#wakeAt(this.#pace.pausedUntil);
      return;
    }
    const due = this.#ledger.nextDue;
    // What was due before waits for a place: its end calls. What fell due since has been asked for by nobody.
    if (due !== undefined && due > now) this.#wakeAt(clock.monotonic() + due - now);
  };

  #quotaOf({ connection, replay }: LanePlan): LaneQuota | undefined {
    const quota = this.#deps.quotas.of(connection);
    if (this.#quota?.is(quota)) return this.#quota;
    this.#quota?.stop();
    return quota && new LaneQuota(quota, replay !== undefined, () => this.pump());
  }

  /** Disabled; a replay runs all the same (spec tracking-api §13). */
  get #isOff(): boolean {
    return !this.#plan.connection.enabled && this.#plan.replay === undefined;
  }

  get #hasRoom(): boolean {
    const { freshCount, freshBytes, parkedCount } = this.#ledger;
    const { limits: bounds } = this.#deps;
    const isBatched = this.#plan.lane?.batches !== undefined;
    const { windowEvents, windowBytes } = isBatched ? bounds.batch : bounds;
    return (
      freshCount < windowEvents &&
      freshBytes < windowBytes &&
      parkedCount + freshCount < bounds.parkedEvents
    );
  }

  /** One event that was read: passed, filtered, or put in its order. Returns whether there is room for the next. */
  #take(event: StoredEvent): boolean {
    const before = this.#ledger.stamp;
    const { i, n, t, lane, staged } = event.meta;
    if (staged !== true && !this.#ledger.takeStamp({ input: i, item: n })) return true;
    if (lane !== undefined && !isForLane(this.#plan, lane)) return true;
    if (this.#ledger.holds(event.offset)) return true;
    const { replay } = this.#plan;
    if (replay === undefined ? !this.#isSince(t) : t < replay.from || t >= replay.to) return true;
    const routing = this.#routingOf(event);
    if (routing.send) this.#ledger.admit(event, before);
    else this.tally.filtered(this.#isOff ? undefined : event, routing.code);
    return this.#hasRoom;
  }

  /**
   * Received when the connection was there. Once one was, all that stands behind it counts as such: the clock of the
   * node that received it may have been set back since.
   */
  #isSince(receivedAt: number): boolean {
    this.#isPastSince ||= receivedAt >= this.#plan.connection.since;
    return this.#isPastSince;
  }

  /**
   * Suppression, kind of write key, supported type, consent, `integrations` with the schema of the source, what was delivered in
   * the browser, filters, triggers: in this order (spec tracking-api §9), and the first that says no gives the code.
   */
  #routingOf(event: StoredEvent): Routing {
    const { connection, replay, supports, takesAll, lane, filter } = this.#plan;
    if (this.#isOff) return { send: false, code: disabled.code };
    if (isSuppressed(event, this.#deps.suppressions)) {
      return { send: false, code: 'user_suppressed' };
    }
    const { takes = 'live' } = connection;
    const mode = event.meta.test === true ? 'test' : 'live';
    // Sent again, it has passed this before.
    const isAgain = event.meta.lane !== undefined;
    if (takes !== 'all' && takes !== mode && !isAgain) {
      return { send: false, code: 'filtered_by_key_mode' };
    }
    // Settings that cannot work: every event is a discard that says so.
    if (lane === undefined) return { send: true, options: {} };
    if (!supports.has(event.meta.type)) return { send: false, code: 'unsupported_event_type' };
    if (takesAll) return { send: true, options: {} };
    const { consentCategories } = connection;
    if (consentCategories !== undefined && lacksConsent(event.event, consentCategories)) {
      return { send: false, code: 'filtered_by_end_user_consent' };
    }
    const routing = routingOf(
      event,
      connection.integration,
      replay !== undefined,
      this.#plan.eventsOff,
    );
    if (!routing.send) return routing;
    const random = isAgain ? () => 0 : this.#deps.random;
    let code: DiscardCode | undefined = filter?.refuse(event.event, random);
    if (code === undefined && lane.refuse !== undefined) {
      code = lane.refuse(
        filter?.edit === undefined ? event.event : editedBy(filter.edit, event).event,
      );
    }
    return code === undefined ? routing : { send: false, code };
  }

  async #expire(items: readonly LaneItem[], from: Offset, to: Offset): Promise<void> {
    await this.#reports.expired(from, to, items.length);
    for (const item of items) this.#ledger.finish(item);
  }

  /** Switched off: what was read and not tried passes, what was tried is discarded. */
  #passUnsent(): void {
    for (const item of this.#ledger.unsentFresh()) {
      this.tally.filtered(undefined, disabled.code);
      this.#ledger.finish(item);
    }
    if (this.#ledger.parkedCount === 0 || this.#discarding !== undefined) return;
    this.#discarding = this.#discardParked()
      .catch((error: unknown) => this.#pause(error))
      .finally(() => {
        this.#discarding = undefined;
        this.#deps.changed();
        this.pump();
      });
  }

  async #discardParked(): Promise<void> {
    const { connection, key } = this.#plan;
    const owner = { lane: key, connection: connection.id, source: connection.sourceId };
    const goesOn = () => this.#running && this.#isOff;
    await discardParked(
      this.#ledger,
      owner,
      disabled,
      { ...this.#deps, tally: this.tally },
      goesOn,
    );
  }

  /** Something of ours failed (the log could not be read): tries again a little later. */
  #pause(error: unknown): void {
    const { clock, logger } = this.#deps;
    logger.error({ err: error, lane: this.#plan.key }, 'a lane pauses');
    this.#pausedUntil = clock.monotonic() + pauseMs;
    this.#wakeAt(this.#pausedUntil);
  }

  /** One alarm: for the next parked event, or the next probe. */
  #wakeAt(at: number): void {
    const { clock } = this.#deps;
    if (this.#alarm !== undefined) {
      if (Math.abs(this.#alarm.at - at) < 1) return;
      this.#alarm.cancel();
    }
    const cancel = clock.after(Math.max(1, at - clock.monotonic()), () => {
      this.#alarm = undefined;
      this.pump();
    });
    this.#alarm = { at, cancel };
  }
}

/** Replays are not shown among deliveries (spec tracking-api §13). */
function laneTally({ connection, replay }: LanePlan, { metrics, usage }: LaneDeps): LaneTally {
  const { id, sourceId } = connection;
  return new LaneTally(id, metrics, replay ? undefined : usage?.destination(sourceId, id));
}
