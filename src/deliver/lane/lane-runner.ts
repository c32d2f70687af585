import type { DiscardCode } from '../../core/discard-codes.ts';
import type { Offset } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';
import type { LaneCommit } from '../cursor/cursor-store.ts';
import type { StoredEvent } from '../events/stored-event.ts';
import { type AttemptResult, attempt, describeBug } from './attempt.ts';
import { Circuit } from './circuit.ts';
import { discardParked } from './discard-parked.ts';
import { routingOf } from './integrations.ts';
import type { LaneDeps } from './lane-deps.ts';
import type { LaneItem } from './lane-item.ts';
import { LaneLag } from './lane-lag.ts';
import { LaneLedger, type SavedLane } from './lane-ledger.ts';
import type { LanePlan } from './lane-plan.ts';
import { LaneReader } from './lane-reader.ts';
import { LaneReports } from './lane-reports.ts';
import { LaneTally } from './lane-tally.ts';
import { nextDelay } from './retry-schedule.ts';

const pauseMs = 1_000;
/** Requests are stamped when they begin and appended when they end: no further out of order than this. */
const receivedOutOfOrderMs = 2 * limits.requestTimeoutMs;
const disabled = { code: 'destination_disabled', message: 'The destination is off' } as const;

/**
 * One lane at work: reads its source's events, sends them in order, parks what must be repeated. What
 * it did is in its ledger, which the commit loop writes. `pump` is its heart: called whenever
 * something changed, it sends and reads as much as the bounds allow, and never waits.
 */
export class LaneRunner {
  readonly #deps: LaneDeps;
  readonly #ledger: LaneLedger;
  readonly #circuit: Circuit;
  readonly #reader: LaneReader;
  readonly #lag: LaneLag;
  readonly #reports: LaneReports;
  readonly #abort = new AbortController();
  readonly tally: LaneTally;
  #plan: LanePlan;
  #running = true;
  #inFlight = 0;
  #dueInFlight = 0;
  #probing: LaneItem | undefined;
  #givingUp: Promise<void> | undefined;
  #pausedUntil = 0;
  #armed: { at: number; cancel: () => void } | undefined;
  #idle: (() => void)[] = [];

  /** `until`: for a replay, the offset at which it ends at the latest. */
  constructor(plan: LanePlan, saved: SavedLane, deps: LaneDeps, until?: Offset) {
    this.#plan = plan;
    this.#deps = deps;
    this.#ledger = new LaneLedger(saved);
    this.#circuit = new Circuit(saved.openMs);
    this.#lag = new LaneLag(deps.feed, plan.connection.sourceId, saved.position);
    this.tally = new LaneTally(plan.connection.id, deps.metrics);
    this.#reports = new LaneReports(deps, this.tally, () => this.#plan);
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
      failed: (error) => this.#pause(error),
      expired: (from, to, count) => this.#reports.expired(from, to, count),
    });
  }

  get plan(): LanePlan {
    return this.#plan;
  }

  get neededFrom(): Offset {
    return this.#ledger.neededFrom;
  }

  /** A replay is over: everything is read and nothing waits. */
  get isFinished(): boolean {
    const { freshCount, parkedCount } = this.#ledger;
    return this.#reader.isExhausted && freshCount === 0 && parkedCount === 0;
  }

  /** Something is not committed. */
  get isDirty(): boolean {
    return this.#ledger.isDirty;
  }

  get state() {
    const { parkedCount, freshCount, position, oldestFresh } = this.#ledger;
    const now = this.#deps.clock.now();
    const behind = this.#lag.remaining + freshCount;
    const oldest = oldestFresh?.stored?.meta.t ?? this.#reader.lastReceivedAt;
    return {
      position,
      lagEvents: behind,
      lagSeconds: behind === 0 || oldest === 0 ? 0 : Math.max(0, (now - oldest) / 1_000),
      parked: parkedCount,
      circuit: this.#circuit.isOpen ? 'open' : 'closed',
    } as const;
  }

  refreshLag(): Promise<void> {
    return this.#lag.refresh();
  }

  /** The configuration changed: holds from the next attempt on. */
  update(plan: LanePlan): void {
    const isNewTarget = plan.lane !== this.#plan.lane;
    this.#plan = plan;
    if (isNewTarget && this.#circuit.isOpen) this.#circuit.probeSoon(this.#deps.clock.monotonic());
    this.pump();
  }

  /** What to commit; undefined when nothing changed. */
  collect(): LaneCommit | undefined {
    if (!this.#ledger.isDirty) return undefined;
    const openMs = this.#circuit.openMs(this.#deps.clock.monotonic());
    return { lane: this.#plan.key, openMs, changes: this.#ledger.collect() };
  }

  restore(commit: LaneCommit): void {
    this.#ledger.restore(commit.changes);
  }

  /** Sends nothing more; resolves when nothing is in flight. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#armed?.cancel();
    this.#reader.stop();
    await this.#givingUp;
    if (this.#inFlight > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Cancels what is in flight: it stays unfinished and will be repeated. */
  abort(): void {
    this.#abort.abort();
  }

  /** The destination is gone: discards what was tried and waits. Call after `stop`. */
  async retire(): Promise<void> {
    await this.#discardAllParked();
  }

  /** The log now begins at `start`. */
  trimmed(start: Offset): void {
    const lost = this.#ledger.parkedBefore(start);
    const [first] = lost;
    const last = lost.at(-1);
    if (first !== undefined && last !== undefined) {
      for (const item of lost) item.sending = true;
      this.#settle(first, this.#expireParked(lost, first.offset, last.offset));
    }
    this.#reader.trimmed(start);
  }

  async #expireParked(items: readonly LaneItem[], from: Offset, to: Offset): Promise<void> {
    await this.#reports.expired(from, to, items.length);
    for (const item of items) this.#ledger.finish(item);
  }

  pump(): void {
    if (!this.#running || this.#deps.clock.monotonic() < this.#pausedUntil) return;
    if (this.#isOff) {
      this.#passWhatWaits();
    } else if (this.#circuit.isOpen) {
      this.#probe();
      this.#arm();
      return;
    } else {
      this.#sendDue();
      this.#sendFresh();
    }
    if (this.#hasRoom) this.#reader.readMore();
    this.#arm();
  }

  /** Disabled; a replay runs all the same (spec tracking-api §13). */
  get #isOff(): boolean {
    return !this.#plan.connection.enabled && this.#plan.replay === undefined;
  }

  get #hasRoom(): boolean {
    const { freshCount, freshBytes, parkedCount } = this.#ledger;
    const { windowEvents, windowBytes, parkedEvents } = this.#deps.limits;
    return (
      freshCount < windowEvents &&
      freshBytes < windowBytes &&
      parkedCount + freshCount < parkedEvents
    );
  }

  /** One event that was read. Returns whether there is room for the next. */
  #take(event: StoredEvent): boolean {
    const before = this.#ledger.stamp;
    const { i, n, t, type } = event.meta;
    if (!this.#ledger.takeStamp({ input: i, item: n })) return true;
    if (this.#ledger.holds(event.offset)) return true;
    const { connection, replay, supports, lane } = this.#plan;
    if (replay === undefined ? t < connection.since : t < replay.from || t >= replay.to)
      return true;
    if (this.#isOff) {
      this.tally.filtered('destination_disabled');
      return true;
    }
    if (lane !== undefined) {
      const routing = supports.has(type)
        ? routingOf(event.event, connection.integration, replay !== undefined)
        : ({ send: false, code: 'unsupported_event_type' } as const);
      if (!routing.send) {
        this.tally.filtered(routing.code);
        return true;
      }
    }
    this.#ledger.admit(event, before);
    return this.#hasRoom;
  }

  #sendFresh(): void {
    while (this.#inFlight < this.#deps.limits.concurrency) {
      const item = this.#ledger.takeReady();
      if (item?.stored === undefined) return;
      this.#send(item, item.stored);
    }
  }

  /** Parked events get at most half of the places while fresh ones wait, in strides that make reading cheap. */
  #sendDue(): void {
    const { concurrency } = this.#deps.limits;
    const share = this.#ledger.hasReady ? Math.ceil(concurrency / 2) : concurrency;
    if (this.#dueInFlight > share / 2) return;
    const most = Math.min(share - this.#dueInFlight, concurrency - this.#inFlight);
    const items = this.#ledger.takeDue(this.#deps.clock.now(), most);
    if (items.length > 0) this.#readAndSend(items);
  }

  #probe(): void {
    const now = this.#deps.clock.monotonic();
    if (this.#probing !== undefined || now < this.#circuit.probeAt) return;
    const item = this.#ledger.takeProbe();
    if (item === undefined) {
      // Nothing to try with: what was read before is gone; the next event is the probe.
      if (!this.#reader.isExhausted) this.#reader.readMore();
      return;
    }
    this.#probing = item;
    this.#circuit.probed(now);
    if (item.stored === undefined) this.#readAndSend([item]);
    else this.#send(item, item.stored);
  }

  /** Reads parked events again and sends them. Their places are taken from now on. */
  #readAndSend(items: readonly LaneItem[]): void {
    const source = this.#plan.connection.sourceId;
    const offsets = items.map(({ offset }) => offset);
    for (const item of items) item.sending = true;
    this.#inFlight += items.length;
    this.#dueInFlight += items.length;
    const leave = () => {
      this.#inFlight -= 1;
      this.#dueInFlight -= 1;
    };
    this.#deps.feed.readAt(source, offsets).then(
      (events) => {
        for (const item of items) {
          leave();
          const event = events.get(item.offset);
          if (!this.#running) item.sending = false;
          else if (this.#circuit.isOpen && item !== this.#probing) this.#putBack(item);
          else if (event === undefined) this.#settle(item, this.#discardLost(item));
          else this.#send(item, event);
        }
        this.#afterSend();
      },
      (error) => {
        for (const item of items) {
          leave();
          this.#putBack(item);
        }
        this.#pause(error);
        this.#afterSend();
      },
    );
  }

  #putBack(item: LaneItem): void {
    item.sending = false;
    if (this.#probing === item) this.#probing = undefined;
    this.#ledger.putBack(item);
  }

  #discardLost(item: LaneItem): Promise<void> {
    return this.#discard(item, undefined, 'expired', 'The log no longer holds the event');
  }

  #send(item: LaneItem, stored: StoredEvent): void {
    const { lane, connection, replay } = this.#plan;
    const { clock, http } = this.#deps;
    if (lane === undefined) {
      this.#settle(item, this.#discard(item, stored, 'invalid_settings', this.#plan.problem));
      return;
    }
    const { retries } = item;
    if (retries.attempts === 0) {
      retries.firstAttempt = clock.now();
      retries.openMsBefore = this.#circuit.openMs(clock.monotonic());
    }
    retries.attempts += 1;
    const routing = routingOf(stored.event, connection.integration, replay !== undefined);
    const context = {
      http,
      signal: this.#abort.signal,
      text: stored.text,
      options: routing.send ? routing.options : {},
      attempt: retries.attempts,
      now: clock.now,
    };
    const done = attempt(lane, stored, context).then((result) => this.#end(item, stored, result));
    this.#settle(item, done);
  }

  /** Holds a place for the item until `work` is done. */
  #settle(item: LaneItem, work: Promise<void>): void {
    item.sending = true;
    const isDue = item.parked;
    this.#inFlight += 1;
    if (isDue) this.#dueInFlight += 1;
    work.then(
      () => {
        item.sending = false;
        this.#inFlight -= 1;
        if (isDue) this.#dueInFlight -= 1;
        if (this.#probing === item) this.#probing = undefined;
        this.#afterSend();
      },
      // A bug of ours: let the process stop rather than lose the event.
      (error) => {
        throw error;
      },
    );
  }

  #afterSend(): void {
    this.#deps.changed();
    this.pump();
    if (this.#inFlight > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #end(item: LaneItem, stored: StoredEvent, result: AttemptResult): Promise<void> {
    const { clock } = this.#deps;
    // Cancelled by us: the attempt says nothing about the far end.
    if (this.#abort.signal.aborted && result.kind !== 'delivered') return;
    if (result.kind === 'bug') return await this.#endBug(item, stored, result.error);
    const failed = result.kind === 'retry';
    const retryAfterMs = failed ? this.#bounded(result.retryAfterMs) : 0;
    const closed = this.#circuit.record(failed, clock.monotonic(), retryAfterMs);
    if (closed) this.#ledger.makeAllDue();
    if (result.kind === 'delivered') {
      this.tally.delivered(clock.now() - stored.meta.t);
      this.#reports.outcome('delivered', item, stored, { status: result.status });
      this.#ledger.finish(item);
    } else if (result.kind === 'discard') {
      await this.#discard(item, stored, result.code, result.message);
    } else {
      await this.#retry(item, stored, result.message, result.status, retryAfterMs);
    }
  }

  async #endBug(item: LaneItem, stored: StoredEvent, error: unknown): Promise<void> {
    const { lane, messageId } = { lane: this.#plan.key, messageId: stored.meta.id };
    this.#deps.logger.error({ err: error, lane, messageId }, 'a destination threw');
    item.bugs += 1;
    const message = describeBug(error);
    if (item.bugs < this.#deps.limits.bugAttempts) await this.#retry(item, stored, message);
    else await this.#discard(item, stored, 'internal', message);
  }

  async #retry(
    item: LaneItem,
    stored: StoredEvent,
    message: string,
    status?: number,
    retryAfterMs = 0,
  ): Promise<void> {
    const { clock, limits, random } = this.#deps;
    const { retries } = item;
    retries.lastError = message;
    this.tally.lastError = message;
    if (this.#isOff) {
      return await this.#discard(item, stored, disabled.code, disabled.message);
    }
    const open = this.#circuit.openMs(clock.monotonic()) - retries.openMsBefore;
    const elapsedMs = clock.now() - retries.firstAttempt - open;
    const question = { attempts: retries.attempts, elapsedMs, retryAfterMs, random: random() };
    const delay = nextDelay(question, limits.retry);
    if (delay === undefined) {
      return await this.#discard(item, stored, 'retries_exhausted', message);
    }
    retries.nextAttempt = clock.now() + delay;
    this.tally.retried();
    this.#reports.outcome('retrying', item, stored, {
      status,
      message,
      next: retries.nextAttempt,
    });
    this.#ledger.park(item);
  }

  async #discard(
    item: LaneItem,
    event: StoredEvent | undefined,
    code: DiscardCode,
    message: string,
  ): Promise<void> {
    await this.#reports.discard(item, event, code, message);
    this.#ledger.finish(item);
  }

  /** The destination was switched off: what is read passes, what was tried is discarded. */
  #passWhatWaits(): void {
    for (const item of this.#ledger.unsentFresh()) {
      this.tally.filtered(disabled.code);
      this.#ledger.finish(item);
    }
    this.#deps.changed();
    if (this.#ledger.parkedCount === 0 || this.#givingUp !== undefined) return;
    this.#givingUp = this.#discardAllParked()
      .catch((error: unknown) => this.#pause(error))
      .finally(() => {
        this.#givingUp = undefined;
        this.#deps.changed();
      });
  }

  async #discardAllParked(): Promise<void> {
    const { connection, key } = this.#plan;
    const owner = { lane: key, connection: connection.id, source: connection.sourceId };
    const count = await discardParked(this.#ledger, owner, disabled, this.#deps);
    this.tally.discarded(disabled.message, count);
  }

  #bounded(retryAfterMs: number | undefined): number {
    return Math.min(retryAfterMs ?? 0, this.#deps.limits.retry.retryAfterMostMs);
  }

  /** Something of ours failed (the log could not be read): tries again a little later. */
  #pause(error: unknown): void {
    const { clock, logger } = this.#deps;
    logger.error({ err: error, lane: this.#plan.key }, 'a lane pauses');
    this.#pausedUntil = clock.monotonic() + pauseMs;
    this.#wakeAt(this.#pausedUntil);
  }

  /** One timer: for the next parked event, or the next probe. */
  #arm(): void {
    const { clock } = this.#deps;
    const now = clock.monotonic();
    if (this.#circuit.isOpen && !this.#isOff) {
      if (this.#probing === undefined) this.#wakeAt(this.#circuit.probeAt);
      return;
    }
    const due = this.#ledger.nextDue;
    if (due !== undefined) this.#wakeAt(now + Math.max(0, due - clock.now()));
  }

  #wakeAt(at: number): void {
    const { clock } = this.#deps;
    if (this.#armed !== undefined) {
      if (Math.abs(this.#armed.at - at) < 1) return;
      this.#armed.cancel();
    }
    const cancel = clock.after(Math.max(1, at - clock.monotonic()), () => {
      this.#armed = undefined;
      this.pump();
    });
    this.#armed = { at, cancel };
  }
}
