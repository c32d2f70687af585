import type { UsageSpan } from '../../core/usage/usage-spans.ts';
import { spanStart, usageSpans } from '../../core/usage/usage-spans.ts';
import { InputFailure } from '../input-failure.ts';

/** Granularities as the APIs name them. */
export const granularities = ['DAY', 'HOUR', 'MINUTE'] as const;
export type Granularity = (typeof granularities)[number];

/** Whole spans, from the start of the first to behind the start of the last, ms. */
export interface UsageRange {
  readonly span: UsageSpan;
  readonly from: number;
  readonly to: number;
}

/** How far a request may reach: from start to end, and back from now, ms. */
export type Windows = Readonly<
  Record<Granularity, { readonly longest: number; readonly back: number }>
>;

/** As clients of before 2025 write them too. */
export const anyCase = [...granularities, 'day', 'hour', 'minute'] as const;
export type AnyGranularity = (typeof anyCase)[number];

export function granularityOf(text: AnyGranularity): Granularity {
  return granularities.find((one) => one === text.toUpperCase()) ?? 'MINUTE';
}

const spans = { DAY: 'day', HOUR: 'hour', MINUTE: 'minute' } as const;

/** The range of a request whose times are known. Throws `input_validation` naming the field. */
export function usageRange(
  granularity: Granularity,
  startTime: number,
  endTime: number,
  windows: Windows,
  now: number,
): UsageRange {
  const span = spans[granularity];
  const { longest, back } = windows[granularity];
  const { ms } = usageSpans[span];
  if (endTime <= startTime) {
    throw refused('endTime', '"endTime" must be after "startTime"');
  }
  // Requests take time, and clients round: one span more is as good.
  if (endTime - startTime > longest + ms) {
    const text = `"endTime" must be at most ${inWords(longest)} after "startTime" with granularity ${granularity}`;
    throw refused('endTime', text);
  }
  if (startTime < now - back - ms) {
    const text = `"startTime" must be at most ${inWords(back)} ago with granularity ${granularity}`;
    throw refused('startTime', text);
  }
  return { span, from: spanStart(span, startTime), to: endTime };
}

/** The starts of all spans of a range. */
export function timesOf({ span, from, to }: UsageRange): number[] {
  const times: number[] = [];
  for (let time = from; time < to; time += usageSpans[span].ms) times.push(time);
  return times;
}

function refused(field: string, message: string): InputFailure {
  return new InputFailure([{ field, message }]);
}

function inWords(ms: number): string {
  const hours = ms / usageSpans.hour.ms;
  return hours > 48 ? `${hours / 24} days` : `${hours} hours`;
}
