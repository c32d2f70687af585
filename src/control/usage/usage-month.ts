import { spanStart, usageSpans } from '../../core/usage/usage-spans.ts';

/** A calendar month in UTC; times in ms. */
export interface UsageMonth {
  readonly start: number;
  /** Start of the next. */
  readonly end: number;
  /** Starts of its days, up to today's. */
  readonly days: readonly number[];
}

/** The month that `time` falls into. */
export function monthOf(time: number, now: number): UsageMonth {
  const date = new Date(time);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const start = Date.UTC(year, month, 1);
  const end = Date.UTC(year, month + 1, 1);
  const days: number[] = [];
  const last = Math.min(end - 1, spanStart('day', now));
  for (let day = start; day <= last; day += usageSpans.day.ms) days.push(day);
  return { start, end, days };
}
