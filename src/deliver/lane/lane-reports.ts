import type { DiscardCode } from '../../core/discard-codes.ts';
import type { Offset } from '../../core/event-log.ts';
import type { StoredEvent } from '../events/stored-event.ts';
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
    return this.#write(code, message, item.offset, item.offset, 1, event, item.retries.attempts);
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

  /** Successes only while somebody watches the source. */
  outcome(
    kind: 'delivered' | 'retrying',
    item: LaneItem,
    { source, meta }: StoredEvent,
    { status, message, next }: Outcome,
  ): void {
    if (kind === 'delivered' && !this.#deps.isWatched(source)) return;
    this.#deps.results.outcome(kind, source, {
      t: this.#deps.clock.now(),
      destination: this.#planOf().connection.id,
      messageId: meta.id,
      type: meta.type,
      attempts: item.retries.attempts,
      ...(status !== undefined && { status }),
      ...(message !== undefined && { message }),
      ...(next !== undefined && { next }),
    });
  }

  async #write(
    code: DiscardCode,
    message: string,
    from: Offset,
    to: Offset,
    count: number,
    event: StoredEvent | undefined,
    attempts: number,
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
    });
    this.#tally.discarded(event, code, count, attempts);
  }
}
