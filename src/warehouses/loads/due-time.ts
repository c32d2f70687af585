import { limits } from '../../core/limits.ts';
import type { WarehouseConfig } from '../../core/snapshot.ts';
import { isDue } from '../schedule/is-due.ts';
import type { LoadTimes } from './load-store.ts';

/**
 * Whether the schedule of a warehouse asks for a sync: the hours that were set, else every `everyMs`. After failures the
 * next is later each time, and no schedule waits for its hour to try again.
 */
export function isSyncDue(
  { schedule }: Pick<WarehouseConfig, 'schedule'>,
  everyMs: number,
  times: LoadTimes | undefined,
  now: number,
): boolean {
  if (times === undefined) return true;
  const { lastStarted, failures } = times;
  if (failures > 0) return now - lastStarted >= pauseAfter(failures, everyMs);
  if (schedule === undefined || !schedule.enabled) return now - lastStarted >= everyMs;
  const hours = schedule.times.filter(({ enabled }) => enabled).map(({ hourOfDay }) => hourOfDay);
  if (hours.length === 0) return false;
  const daily = { strategy: 'CRON', spec: `0 ${hours.join(',')} * * *` } as const;
  return isDue({ ...daily, timezone: schedule.timezone }, lastStarted, lastStarted, now);
}

function pauseAfter(failures: number, everyMs: number): number {
  const first = Math.min(everyMs, 60_000);
  return Math.min(first * 2 ** (failures - 1), Math.max(limits.warehouseRetryMostMs, first));
}
