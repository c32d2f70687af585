import type { BatchGroup, LaneBatches } from '../../core/destination.ts';
import type { StoredEvent } from '../events/stored-event.ts';
import { SeenExchanges } from '../exchanges/seen-exchanges.ts';
import { attempt, attemptBatch } from './attempt.ts';
import { AttemptEnd, type LaneParts } from './attempt-end.ts';
import { BatchGatherer, type GatheredEvent } from './batch-gatherer.ts';
import { type EditedEvent, editedBy } from './edited-by.ts';
import { routingOf } from './integrations.ts';
import { isSuppressed } from './is-suppressed.ts';
import type { LaneItem } from './lane-item.ts';
import { withFollowers } from './with-followers.ts';

export interface SenderEvents {
  /** Something ended: there may be more to send. */
  ended(): void;
  /** The log could not be read. */
  failed(error: unknown): void;
}

/**
 * The sending side of a lane: at most `limits.concurrency` events at work at a time, each holding a
 * place from the moment it is taken from the ledger until its outcome is settled. A lane that takes batches gathers
 * what is ready; a batch holds one place.
 */
export class LaneSender {
  readonly #parts: LaneParts;
  readonly #events: SenderEvents;
  readonly #end: AttemptEnd;
  readonly #idle: (() => void)[] = [];
  #stopped = false;
  #inFlight = 0;
  /** Of those, parked events. */
  #dueInFlight = 0;
  #probing: LaneItem | undefined;
  readonly #gatherer: BatchGatherer;
  #batchesInFlight = 0;
  #cancelLinger: (() => void) | undefined;

  constructor(parts: LaneParts, events: SenderEvents) {
    this.#gatherer = new BatchGatherer(parts.deps.limits.batch);
    this.#parts = parts;
    this.#events = events;
    this.#end = new AttemptEnd(parts);
  }

  get isProbing(): boolean {
    return this.#probing !== undefined;
  }

  /** Starts nothing more; resolves when nothing is in flight. */
  stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelLinger?.();
    if (this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  sendFresh(): void {
    const { deps, ledger, plan, quota } = this.#parts;
    const { batch } = deps.limits;
    const concurrency = this.#placesOf(deps.limits.concurrency);
    const { lane } = plan();
    const isBatched = lane?.batches !== undefined;
    while (this.#inFlight < concurrency && this.#gatherer.count < batch.windowEvents) {
      if (!isBatched && ledger.hasReady && quota()?.allows() === false) break;
      const item = ledger.takeReady();
      if (item?.stored === undefined) break;
      if (!this.#send(item, item.stored)) break;
    }
    if (lane?.batches !== undefined && this.#gatherer.count > 0) this.#flush(lane.batches);
  }

  /** The lane is another one: what was gathered for the last one is gathered anew. */
  regather(): void {
    for (const { item } of this.#gatherer.clear()) this.#parts.ledger.putBack(item);
  }

  /** Parked events get at most half of the places while fresh ones wait, in strides that make reading cheap. */
  sendDue(): void {
    const { deps, ledger, plan, quota } = this.#parts;
    // What goes alone is not read before it may be sent.
    const isBatched = plan().lane?.batches !== undefined;
    if (!isBatched && ledger.hasDue(deps.clock.now()) && quota()?.allows() === false) return;
    const concurrency = this.#placesOf(deps.limits.concurrency);
    const share = ledger.hasReady ? Math.ceil(concurrency / 2) : concurrency;
    if (this.#dueInFlight > share / 2) return;
    const most = Math.min(share - this.#dueInFlight, concurrency - this.#inFlight);
    const items = ledger.takeDue(deps.clock.now(), most);
    if (items.length > 0) this.#readAndSend(items);
  }

  /** Tries one event while the circuit is open. False when there is none to try. */
  probe(): boolean {
    const { deps, ledger, circuit } = this.#parts;
    const gathered = ledger.hasReady ? undefined : this.#gatherer.takeOne();
    const item = gathered?.item ?? ledger.takeProbe();
    if (item === undefined) return false;
    this.#probing = item;
    circuit.probed(deps.clock.monotonic());
    if (gathered !== undefined) this.#send(item, gathered.stored);
    else if (item.stored === undefined) this.#readAndSend([item]);
    else this.#send(item, item.stored);
    return true;
  }

  /** Of so many places those that the far end and the user leave. */
  #placesOf(most: number): number {
    const { pace, quota } = this.#parts;
    return pace.placesOf(quota()?.placesOf(most) ?? most);
  }

  /** Holds a place for the item until `work` is done. */
  hold(item: LaneItem, work: Promise<void>): void {
    this.#enter(item);
    work.then(
      () => {
        this.#leave(item);
        this.#afterLeave();
      },
      // A bug of ours: better that the process stops and repeats than that the event is lost.
      (error) => {
        throw error;
      },
    );
  }

  /** Reads parked events again and sends them; they hold their places meanwhile. */
  #readAndSend(items: readonly LaneItem[]): void {
    const { deps, ledger, circuit, plan } = this.#parts;
    const offsets = items.map(({ offset }) => offset);
    for (const item of items) this.#enter(item);
    const putBack = (item: LaneItem) => {
      this.#leave(item);
      ledger.putBack(item);
    };
    deps.feed.readAt(plan().connection.sourceId, offsets).then(
      (events) => {
        for (const item of items) {
          const isHeld = circuit.isOpen && item !== this.#probing;
          if (this.#stopped || isHeld || !deps.lease.holds()) {
            putBack(item);
            continue;
          }
          const wasProbe = item === this.#probing;
          this.#leave(item);
          if (wasProbe) this.#probing = item;
          const event = events.get(item.offset);
          if (event !== undefined) this.#send(item, event);
          else this.hold(item, this.#discardLost(item));
        }
        this.#afterLeave();
      },
      (error) => {
        for (const item of items) putBack(item);
        this.#events.failed(error);
        this.#afterLeave();
      },
    );
  }

  /** False: it may not be sent yet, and is put back. */
  #send(item: LaneItem, stored: StoredEvent): boolean {
    const { deps, signal, standing, ledger } = this.#parts;
    const { lane, problem, connection, replay } = this.#parts.plan();
    if (isSuppressed(stored, deps.suppressions)) {
      this.hold(item, this.#forget(item, stored));
      return true;
    }
    if (lane === undefined) {
      this.hold(item, this.#end.discard(item, stored, 'invalid_settings', problem));
      return true;
    }
    // Its event is parsed by those who look at it.
    const edited = this.#edited(stored);
    const { text } = edited;
    if (lane.batches !== undefined && item !== this.#probing) {
      const group = lane.batches.groupOf(edited.event);
      if (group !== undefined) {
        this.#gather(group, { item, stored, event: edited.event, text });
        return true;
      }
    }
    const quota = this.#parts.quota();
    if (quota !== undefined && item !== this.#probing && !quota.allows()) {
      ledger.putBack(item);
      return false;
    }
    const leave = quota?.enter();
    this.#begin(item, stored);
    const routing = routingOf(stored, connection.integration, replay !== undefined);
    const seen = new SeenExchanges(deps.http, deps.clock);
    item.seen = seen;
    const begun = deps.clock.monotonic();
    const sent = attempt(lane, edited, {
      http: seen,
      signal,
      text,
      meta: stored.meta,
      options: routing.send ? routing.options : {},
      attempt: item.retries.attempts,
      now: deps.clock.now,
      memory: item,
    });
    this.hold(
      item,
      sent.then((result) => {
        leave?.();
        standing.record(result.kind, deps.clock.monotonic() - begun);
        return this.#end.apply(item, stored, result);
      }),
    );
    return true;
  }

  /** As the destination gets it. */
  #edited(stored: StoredEvent): EditedEvent {
    const { filter } = this.#parts.plan();
    return filter?.edit === undefined ? stored : editedBy(filter.edit, stored);
  }

  #begin({ retries }: LaneItem, stored: StoredEvent): void {
    const { deps, circuit, tally } = this.#parts;
    if (retries.attempts === 0) {
      retries.firstAttempt = deps.clock.now();
      retries.openMsBefore = circuit.openMs(deps.clock.monotonic());
      tally.attempted(retries.firstAttempt - stored.meta.t);
    }
    retries.attempts += 1;
  }

  #gather(group: BatchGroup, gathered: GatheredEvent): void {
    const { clock } = this.#parts.deps;
    this.#gatherer.add(group, gathered, clock.monotonic());
    this.#cancelLinger ??= clock.after(this.#parts.deps.limits.batch.lingerMs, () => {
      this.#cancelLinger = undefined;
      this.#events.ended();
    });
  }

  /** Sends the batches that are due. */
  #flush(batches: LaneBatches): void {
    const { clock, limits } = this.#parts.deps;
    const concurrency = this.#placesOf(limits.batch.concurrency);
    const quota = this.#parts.quota();
    while (this.#batchesInFlight < concurrency) {
      const now = clock.monotonic();
      if (quota !== undefined && this.#gatherer.hasDue(now) && !quota.allows()) return;
      const due = this.#gatherer.take(now);
      if (due === undefined) break;
      const { key, mostEvents, batch } = due;
      const whole = withFollowers(batch, mostEvents, (item) => this.#joining(item, key, batches));
      this.#sendBatch(batches, whole);
    }
    const { nextDue } = this.#gatherer;
    if (nextDue === undefined || this.#batchesInFlight >= concurrency) return;
    this.#cancelLinger ??= clock.after(Math.max(1, nextDue - clock.monotonic()), () => {
      this.#cancelLinger = undefined;
      this.#events.ended();
    });
  }

  /** The event, if it may go with the others of its group. */
  #joining(item: LaneItem, key: string, batches: LaneBatches): GatheredEvent | undefined {
    const { stored } = item;
    if (stored === undefined || isSuppressed(stored, this.#parts.deps.suppressions))
      return undefined;
    const { event, text } = this.#edited(stored);
    return batches.groupOf(event)?.key === key ? { item, stored, event, text } : undefined;
  }

  #sendBatch(batches: LaneBatches, batch: readonly GatheredEvent[]): void {
    const { deps, signal, standing } = this.#parts;
    for (const { item, stored } of batch) {
      item.sending = true;
      this.#begin(item, stored);
    }
    this.#inFlight += 1;
    this.#batchesInFlight += 1;
    const events = batch.map(({ item, event, text }) => ({ event, text, memory: item }));
    const seen = new SeenExchanges(deps.http, deps.clock);
    for (const { item } of batch) item.seen = seen;
    const context = { http: seen, signal, now: deps.clock.now };
    const leave = this.#parts.quota()?.enter();
    const sent = attemptBatch(batches, events, context).then((results) => {
      leave?.();
      const isTaken = results.some(({ kind }) => kind === 'delivered');
      // However long it takes: a batch may be large.
      standing.record(isTaken ? 'delivered' : 'retry', 0);
      return this.#end.applyBatch(batch, results);
    });
    sent.then(
      () => {
        for (const { item } of batch) item.sending = false;
        this.#inFlight -= 1;
        this.#batchesInFlight -= 1;
        this.#afterLeave();
      },
      // As in `hold`.
      (error) => {
        throw error;
      },
    );
  }

  /** Its user was suppressed while it waited: counted, nothing of it is kept. */
  async #forget(item: LaneItem, stored: StoredEvent): Promise<void> {
    this.#parts.tally.filtered(stored, 'user_suppressed');
    this.#parts.ledger.finish(item);
  }

  #discardLost(item: LaneItem): Promise<void> {
    return this.#end.discard(item, undefined, 'expired', 'The log no longer holds the event');
  }

  #enter(item: LaneItem): void {
    item.sending = true;
    this.#inFlight += 1;
    if (item.parked) this.#dueInFlight += 1;
    item.heldAsParked = item.parked;
  }

  #leave(item: LaneItem): void {
    item.sending = false;
    this.#inFlight -= 1;
    if (item.heldAsParked) this.#dueInFlight -= 1;
    if (this.#probing === item) this.#probing = undefined;
  }

  #afterLeave(): void {
    this.#parts.deps.changed();
    this.#events.ended();
    if (this.#inFlight > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
