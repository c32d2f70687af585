import type { DiscardCode } from '../../core/discard-codes.ts';
import type { Offset } from '../../core/event-log.ts';
import type { Exchange } from '../../core/exchange.ts';
import type { StoredEvent } from '../events/stored-event.ts';
import { redacted } from '../exchanges/redacted.ts';
import type { LaneDeps } from './lane-deps.ts';
import type { LaneItem } from './lane-item.ts';
import type { LanePlan } from './lane-plan.ts';
import type { LaneTally } from './lane-tally.ts';

export interface Outcome {
  readonly status?: number | undefined;
  readonly message?: string;
  /** When the next attempt is due, milliseconds since the epoch. */
  readonly next?: number;
}

/** What a lane says in `results`. */
export class LaneReports {
  readonly #deps: LaneDeps;
  readonly #tally: LaneTally;
  readonly #planOf: () => LanePlan;

  constructor(deps: LaneDeps, tally: LaneTally, planOf: () => LanePlan) {
    this.#deps = deps;
    this.#tally = tally;
    this.#planOf = planOf;
  }

  /** Resolves once durable. `event` is undefined when the log no longer holds it. */
  discard(
    item: LaneItem,
    event: StoredEvent | undefined,
    code: DiscardCode,
    message: string,
  ): Promise<void> {
    const { offset, retries } = item;
    this.#note(item, event, code, message);
    const shown = event === undefined ? undefined : this.#shownOf(item, event.source);
    return this.#write(code, message, offset, offset, 1, event, retries.attempts, shown);
  }

  /** A range of the log was trimmed before the lane took its `count` events. */
  expired(from: Offset, to: Offset, count: number): Promise<void> {
    const message = 'The log was trimmed before the destination took the events';
    return this.#write('expired', message, from, to, count, undefined, 0);
  }

  /** The lane ends before it has taken `count` events of the range. */
  unread(
    code: DiscardCode,
    message: string,
    from: Offset,
    to: Offset,
    count: number,
  ): Promise<void> {
    return this.#write(code, message, from, to, count, undefined, 0);
  }

  /** Successes only while somebody watches the source. With that, the requests of the attempt. */
  outcome(
    kind: 'delivered' | 'retrying',
    item: LaneItem,
    event: StoredEvent,
    { status, message, next }: Outcome,
  ): void {
    const { source, meta } = event;
    if (kind === 'retrying') this.#note(item, event, '', message ?? '');
    else if (!this.#deps.isWatched(source)) return;
    const exchanges = this.#shownOf(item, source);
    this.#deps.results.outcome(kind, source, {
      t: this.#deps.clock.now(),
      destination: this.#planOf().connection.id,
      messageId: meta.id,
      type: meta.type,
      attempts: item.retries.attempts,
      ...(status !== undefined && { status }),
      ...(message !== undefined && { message }),
      ...(next !== undefined && { next }),
      ...(exchanges !== undefined && { exchanges }),
    });
  }

  #note(item: LaneItem, event: StoredEvent | undefined, code: string, message: string): void {
    const { seen, retries } = item;
    if (seen === undefined || seen.list.length === 0) return;
    const { connection, secrets } = this.#planOf();
    this.#deps.failures?.note({
      ...{ connection: connection.id, attempts: retries.attempts, code, message, seen, secrets },
      messageId: event?.meta.id ?? '',
    });
  }

  #shownOf({ seen }: LaneItem, source: string): readonly Exchange[] | undefined {
    if (seen === undefined || seen.isShown || !this.#deps.isWatched(source)) return undefined;
    seen.isShown = true;
    const { secrets } = this.#planOf();
    return seen.list.map((one) => redacted(one, secrets));
  }

  async #write(
    code: DiscardCode,
    message: string,
    from: Offset,
    to: Offset,
    count: number,
    event: StoredEvent | undefined,
    attempts: number,
    exchanges?: readonly Exchange[],
  ): Promise<void> {
    const { connection, key } = this.#planOf();
    await this.#deps.results.discard({
      lane: key,
      connection: connection.id,
      source: connection.sourceId,
      code,
      message,
      attempts,
      event,
      from,
      to,
      count,
      exchanges,
    });
    this.#tally.discarded(event, code, count, attempts);
  }
}
