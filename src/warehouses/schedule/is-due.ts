import { type CronFields, cronMatches, parseCron } from '../../core/cron.ts';
import type { ReverseEtlSchedule } from '../../core/snapshot.ts';

const minuteMs = 60_000;
/** A schedule that was missed for longer is made up for once, whatever was missed. */
const lookBackMs = 24 * 60 * minuteMs;

/**
 * Whether a schedule asked for a sync after `last`, its latest one, up to `now`; `since` stands for it before the first. A
 * period without any sync yet is due at once.
 */
export function isDue(
  schedule: ReverseEtlSchedule,
  last: number | undefined,
  since: number,
  now: number,
): boolean {
  if (schedule.strategy === 'PERIODIC') {
    return last === undefined || now - last >= schedule.everyMs;
  }
  const cron = cronOf(schedule);
  if (cron === undefined) return false;
  const from = Math.max(last ?? since, now - lookBackMs);
  const first = (Math.floor(from / minuteMs) + 1) * minuteMs;
  for (let at = first; at <= now; at += minuteMs) {
    if (cronMatches(cron, at, schedule.timezone)) return true;
  }
  return false;
}

function cronOf(
  schedule: Exclude<ReverseEtlSchedule, { strategy: 'PERIODIC' }>,
): CronFields | undefined {
  if (schedule.strategy === 'CRON') return parseCron(schedule.spec);
  const { days, hours } = schedule;
  return parseCron(`0 ${hours.join(',')} * * ${days.join(',')}`);
}
