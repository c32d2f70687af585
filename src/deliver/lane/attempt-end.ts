import assert from 'node:assert/strict';
import type { DeliveryResult } from '../../core/destination.ts';
import type { DiscardCode } from '../../core/discard-codes.ts';
import type { StoredEvent } from '../events/stored-event.ts';
import type { LaneQuota } from '../limits/lane-quota.ts';
import { type AttemptResult, describeBug } from './attempt.ts';
import type { Circuit } from './circuit.ts';
import type { LaneDeps } from './lane-deps.ts';
import type { LaneItem } from './lane-item.ts';
import type { LaneLedger } from './lane-ledger.ts';
import type { LanePlan } from './lane-plan.ts';
import type { LaneReports } from './lane-reports.ts';
import type { LaneTally } from './lane-tally.ts';
import type { Pace } from './pace.ts';
import { nextDelay } from './retry-schedule.ts';
import type { Standing } from './standing.ts';

export const disabled = {
  code: 'destination_disabled',
  message: 'The destination is off',
} as const;

/** The parts of one lane that sending works on. */
export interface LaneParts {
  readonly deps: LaneDeps;
  readonly ledger: LaneLedger;
  readonly circuit: Circuit;
  readonly pace: Pace;
  readonly standing: Standing;
  readonly tally: LaneTally;
  readonly reports: LaneReports;
  /** Cancels what is in flight. */
  readonly signal: AbortSignal;
  plan(): LanePlan;
  /** Of the limits that a user set; undefined where there are none. */
  quota(): LaneQuota | undefined;
  /** Disabled: nothing is to be sent. */
  isOff(): boolean;
}

/**
 * What follows from an attempt: the event is finished, or parked until its next try. A discard is
 * durable in `results` before its event is finished.
 */
export class AttemptEnd {
  readonly #parts: LaneParts;

  constructor(parts: LaneParts) {
    this.#parts = parts;
  }

  async apply(item: LaneItem, stored: StoredEvent, result: AttemptResult): Promise<void> {
    const { signal } = this.#parts;
    // Cancelled by us: the attempt says nothing about the far end, the event stays as it is.
    if (signal.aborted && result.kind !== 'delivered') return;
    if (result.kind === 'bug') return await this.#endBug(item, stored, result.error);
    await this.#settle(item, stored, result, this.#record(result));
  }

  /** One attempt for all events of a batch: the circuit hears of it once, as of the most. `results` has one for each. */
  async applyBatch(
    batch: readonly { readonly item: LaneItem; readonly stored: StoredEvent }[],
    results: readonly AttemptResult[],
  ): Promise<void> {
    const { signal } = this.#parts;
    assert(results.length === batch.length, 'a batch is answered event by event');
    const said = saidByMost(results);
    const retryAfterMs = said === undefined || signal.aborted ? 0 : this.#record(said);
    const settled: Promise<void>[] = [];
    const repeated: LaneItem[] = [];
    // First those that are repeated, at once: who comes behind them has to know.
    let index = 0;
    for (const { item, stored } of batch) {
      const result = results[index];
      index += 1;
      if (result?.kind !== 'retry' && result?.kind !== 'bug') continue;
      // Cancelled by us: as in `apply`.
      if (signal.aborted) continue;
      // It may be due before the others are settled.
      item.sending = false;
      if (result.kind === 'bug') {
        settled.push(this.#endBug(item, stored, result.error));
        continue;
      }
      settled.push(this.#settle(item, stored, result, result.retryAfterMs ?? retryAfterMs));
      repeated.push(item);
    }
    index = 0;
    for (const { item, stored } of batch) {
      const result = results[index];
      index += 1;
      if (result === undefined || result.kind === 'retry' || result.kind === 'bug') continue;
      if (signal.aborted && result.kind !== 'delivered') continue;
      if (repeated.length > 0) {
        item.behind = repeated.findLast(
          (one) => one.offset < item.offset && one.keys.some((key) => item.keys.includes(key)),
        );
      }
      // Most often: no promise for it.
      if (result.kind === 'delivered') this.#delivered(item, stored, result.status);
      else settled.push(this.#settle(item, stored, result, 0));
    }
    if (settled.length > 0) await Promise.all(settled);
  }

  /** Tells the circuit; returns how long the far end wants to be left alone. */
  #record(result: DeliveryResult): number {
    const { deps, ledger, circuit, pace } = this.#parts;
    const failed = result.kind === 'retry';
    const most = deps.limits.retry.retryAfterMostMs;
    const retryAfterMs = failed ? Math.min(result.retryAfterMs ?? 0, most) : 0;
    const now = deps.clock.monotonic();
    pace.record(result, now, retryAfterMs);
    const closed = circuit.record(failed, now, retryAfterMs);
    if (closed) {
      pace.beginAnew();
      ledger.makeAllDue();
    }
    return retryAfterMs;
  }

  async #settle(
    item: LaneItem,
    stored: StoredEvent,
    result: DeliveryResult,
    retryAfterMs: number,
  ): Promise<void> {
    if (result.kind === 'delivered') {
      this.#delivered(item, stored, result.status);
    } else if (result.kind === 'discard') {
      await this.discard(item, stored, result.code, result.message);
    } else {
      await this.#retry(item, stored, result.message, result.status, retryAfterMs);
    }
  }

  #delivered(item: LaneItem, stored: StoredEvent, status: number | undefined): void {
    const { deps, ledger, tally, reports } = this.#parts;
    tally.delivered(stored, item.retries.attempts, deps.clock.now() - stored.meta.t);
    reports.outcome('delivered', item, stored, { status });
    ledger.finish(item);
  }

  /** `event` is undefined when the log no longer holds it. */
  async discard(
    item: LaneItem,
    event: StoredEvent | undefined,
    code: DiscardCode,
    message: string,
  ): Promise<void> {
    await this.#parts.reports.discard(item, event, code, message);
    this.#parts.ledger.finish(item);
  }

  async #endBug(item: LaneItem, stored: StoredEvent, error: unknown): Promise<void> {
    const { deps, plan } = this.#parts;
    const messageId = stored.meta.id;
    deps.logger.error({ err: error, lane: plan().key, messageId }, 'a destination threw');
    item.bugs += 1;
    const message = describeBug(error);
    if (item.bugs < deps.limits.bugAttempts) await this.#retry(item, stored, message);
    else await this.discard(item, stored, 'internal', message);
  }

  async #retry(
    item: LaneItem,
    stored: StoredEvent,
    message: string,
    status?: number,
    retryAfterMs = 0,
  ): Promise<void> {
    const { deps, ledger, circuit, tally, reports, isOff } = this.#parts;
    const { clock, limits } = deps;
    const { retries } = item;
    if (isOff()) return await this.discard(item, stored, disabled.code, disabled.message);
    retries.lastError = message;
    const open = circuit.openMs(clock.monotonic()) - retries.openMsBefore;
    const elapsedMs = clock.now() - retries.firstAttempt - open;
    const question = { attempts: retries.attempts, elapsedMs, retryAfterMs, random: deps.random() };
    const delay = nextDelay(question, limits.retry);
    if (delay === undefined) {
      return await this.discard(item, stored, 'retries_exhausted', message);
    }
    retries.nextAttempt = clock.now() + delay;
    tally.retried(stored);
    reports.outcome('retrying', item, stored, { status, message, next: retries.nextAttempt });
    ledger.park(item);
  }
}

/** What the circuit hears of a batch: a retry where more of its events are to be repeated than have ended. */
function saidByMost(results: readonly AttemptResult[]): DeliveryResult | undefined {
  let [retry, end]: (DeliveryResult | undefined)[] = [];
  let [retries, ends] = [0, 0];
  for (const result of results) {
    if (result.kind === 'bug') continue;
    if (result.kind === 'retry') {
      retry ??= result;
      retries += 1;
    } else {
      end ??= result;
      ends += 1;
    }
  }
  return retries > ends ? retry : end;
}
