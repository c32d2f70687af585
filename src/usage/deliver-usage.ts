import type { Clock } from '../core/clock.ts';
import type { DiscardCode } from '../core/discard-codes.ts';
import type { Lease } from '../core/lease.ts';
import { limits } from '../core/limits.ts';
import type { StateStore } from '../core/state.ts';
import type { WorkTables } from '../core/tables/work-tables.ts';
import type { CountedOutcome, CountKey } from '../core/usage/count-list.ts';
import type {
  DeliveredEvent,
  DeliverUsage,
  DestinationUsage,
  UsageCommit,
} from '../core/usage/usage.ts';
import type { UsageRecord } from '../core/usage/usage-record.ts';
import type { UsageKey } from './add-to-rows.ts';
import { PendingCounts } from './pending-counts.ts';

export interface DeliverUsageDeps {
  readonly partition: number;
  readonly store: StateStore<WorkTables>;
  /** Of the partition. */
  readonly lease: Lease;
  readonly clock: Clock;
}

/**
 * Counts what deliver does with one partition, by destination. What it counts is written with the cursors that it
 * belongs to, in the same transaction unless that would be a long one: what a crash makes deliver repeat was not
 * counted yet, and what was counted is not repeated.
 */
export async function openDeliverUsage(deps: DeliverUsageDeps): Promise<DeliverUsage> {
  const { partition, store, lease, clock } = deps;
  const pending = new PendingCounts(partition);
  await pending.load(store.db, lease, 'deliver');
  let foldedAt = clock.monotonic();
  let onDue = () => {};
  let cancel: (() => void) | undefined;
  /** Also when nothing else is to be committed, what is counted is folded in time. */
  const wakeLater = () => {
    if (cancel !== undefined || pending.isEmpty) return;
    cancel = clock.after(limits.usageFoldMs, () => {
      cancel = undefined;
      onDue();
    });
  };
  wakeLater();
  return {
    destination: (source, destination) => {
      const key: UsageKey = { source, destination };
      return destinationUsage(() => pending.at(key, clock.now()));
    },
    collect: (): UsageCommit => {
      const isDue = clock.monotonic() - foldedAt >= limits.usageFoldMs;
      const isFold = isDue || pending.isFolding;
      if (isFold) foldedAt = clock.monotonic();
      const steps = isFold ? pending.fold() : pending.write();
      return {
        steps,
        done: () => {
          if (isFold) pending.folded();
          wakeLater();
        },
        failed: () => pending.failed(),
      };
    },
    onDue: (listener) => {
      onDue = listener;
    },
  };
}

function destinationUsage(at: () => UsageRecord): DestinationUsage {
  const count = (key: CountKey, many: number, attempts: number) => {
    const retries = Math.max(0, attempts - 1);
    at().counts.add(key, many, retries, retries > 0 ? many : 0);
  };
  return {
    delivered: (event, attempts, ms) => {
      count(keyOf('delivered', event), 1, attempts);
      at().timeToSuccess.add(ms);
    },
    retried: (event) => count(keyOf('retried', event), 1, 0),
    filtered: (event, code) => count(keyOf('filtered', event, code), 1, 0),
    failed: (event, code, many, attempts) => count(keyOf('failed', event, code), many, attempts),
    attempted: (ms) => at().timeToFirstAttempt.add(ms),
  };
}

function keyOf(
  outcome: CountedOutcome,
  stored: DeliveredEvent | undefined,
  code: DiscardCode | '' = '',
): CountKey {
  if (stored === undefined) return { outcome, type: '', name: '', version: '', code };
  const { meta, name, version } = stored;
  return { outcome, type: meta.type, name, version, code };
}
