import { nextCronMoment, parseCron } from './cron.ts';
import { limits } from './limits.ts';
import type { ReverseEtlSchedule, SyncSchedule } from './snapshot.ts';

/** What is known of the syncs of a warehouse. */
export interface SyncTimes {
  readonly lastStarted: number;
  /** Failures in a row. */
  readonly failures: number;
}

/**
 * When the schedule of a warehouse asks for its next sync, milliseconds; in the past: it is due. `everyMs` is the default of its
 * kind, `giveWayMs` what is put on top of an interval. The first sync does not wait; after failures the next is later
 * each time, whatever the schedule. Undefined: it is synced only when somebody asks.
 */
export function nextSyncAt(
  schedule: SyncSchedule | undefined,
  everyMs: number,
  times: SyncTimes | undefined,
  giveWayMs = 0,
): number | undefined {
  const plan = planOf(schedule);
  if (plan?.strategy === 'MANUAL') return undefined;
  if (times === undefined) return schedule?.setAt ?? 0;
  const { lastStarted, failures } = times;
  if (failures > 0) return lastStarted + pauseAfter(failures, everyMs);
  if (plan === undefined) return lastStarted + everyMs + giveWayMs;
  if (plan.strategy === 'PERIODIC') return lastStarted + plan.everyMs + giveWayMs;
  return nextMoment(plan, Math.max(lastStarted, schedule?.setAt ?? 0));
}

/** The first moment after `after` that hours or an expression name; undefined: there is none. */
export function nextMoment(
  plan: Exclude<ReverseEtlSchedule, { strategy: 'PERIODIC' }>,
  after: number,
): number | undefined {
  const spec =
    plan.strategy === 'CRON' ? plan.spec : `0 ${plan.hours.join(',')} * * ${plan.days.join(',')}`;
  const cron = parseCron(spec);
  return cron && nextCronMoment(cron, after, plan.timezone);
}

/** Undefined: the default of the kind. */
export function planOf(schedule: SyncSchedule | undefined): SyncSchedule['plan'] {
  if (schedule === undefined) return undefined;
  const { plan, enabled, times, timezone } = schedule;
  if (plan !== undefined || !enabled) return plan;
  const hours = times.filter((time) => time.enabled).map(({ hourOfDay }) => hourOfDay);
  // Hours that are all switched off ask for nothing.
  if (hours.length === 0) return { strategy: 'MANUAL' };
  const spec = `0 ${hours.toSorted((one, other) => one - other).join(',')} * * *`;
  return { strategy: 'CRON', spec, timezone };
}

function pauseAfter(failures: number, everyMs: number): number {
  const first = Math.min(everyMs, 60_000);
  return Math.min(first * 2 ** (failures - 1), Math.max(limits.warehouseRetryMostMs, first));
}
