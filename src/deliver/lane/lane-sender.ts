import type { StoredEvent } from '../events/stored-event.ts';
import { attempt } from './attempt.ts';
import { AttemptEnd, type LaneParts } from './attempt-end.ts';
import { editedBy } from './edited-by.ts';
import { routingOf } from './integrations.ts';
import { isSuppressed } from './is-suppressed.ts';
import type { LaneItem } from './lane-item.ts';

export interface SenderEvents {
  /** Something ended: there may be more to send. */
  ended(): void;
  /** The log could not be read. */
  failed(error: unknown): void;
}

/**
 * The sending side of a lane: at most `limits.concurrency` events at work at a time, each holding a
 * place from the moment it is taken from the ledger until its outcome is settled.
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

  constructor(parts: LaneParts, events: SenderEvents) {
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
    if (this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  sendFresh(): void {
    const { deps, ledger } = this.#parts;
    while (this.#inFlight < deps.limits.concurrency) {
      const item = ledger.takeReady();
      if (item?.stored === undefined) return;
      this.#send(item, item.stored);
    }
  }

  /** Parked events get at most half of the places while fresh ones wait, in strides that make reading cheap. */
  sendDue(): void {
    const { deps, ledger } = this.#parts;
    const { concurrency } = deps.limits;
    const share = ledger.hasReady ? Math.ceil(concurrency / 2) : concurrency;
    if (this.#dueInFlight > share / 2) return;
    const most = Math.min(share - this.#dueInFlight, concurrency - this.#inFlight);
    const items = ledger.takeDue(deps.clock.now(), most);
    if (items.length > 0) this.#readAndSend(items);
  }

  /** Tries one event while the circuit is open. False when there is none to try. */
  probe(): boolean {
    const { deps, ledger, circuit } = this.#parts;
    const item = ledger.takeProbe();
    if (item === undefined) return false;
    this.#probing = item;
    circuit.probed(deps.clock.monotonic());
    if (item.stored === undefined) this.#readAndSend([item]);
    else this.#send(item, item.stored);
    return true;
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

  #send(item: LaneItem, stored: StoredEvent): void {
    const { deps, circuit, signal, tally } = this.#parts;
    const { lane, problem, connection, replay, filter } = this.#parts.plan();
    if (isSuppressed(stored, deps.suppressions)) {
      this.hold(item, this.#forget(item, stored));
      return;
    }
    if (lane === undefined) {
      this.hold(item, this.#end.discard(item, stored, 'invalid_settings', problem));
      return;
    }
    const { retries } = item;
    if (retries.attempts === 0) {
      retries.firstAttempt = deps.clock.now();
      retries.openMsBefore = circuit.openMs(deps.clock.monotonic());
      tally.attempted(retries.firstAttempt - stored.meta.t);
    }
    retries.attempts += 1;
    const routing = routingOf(stored.event, connection.integration, replay !== undefined);
    const { event, text } = filter?.edit === undefined ? stored : editedBy(filter.edit, stored);
    const sent = attempt(lane, event, {
      http: deps.http,
      signal,
      text,
      options: routing.send ? routing.options : {},
      attempt: retries.attempts,
      now: deps.clock.now,
      memory: item,
    });
    this.hold(
      item,
      sent.then((result) => this.#end.apply(item, stored, result)),
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
