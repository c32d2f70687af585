const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** What counts are kept by, in UTC, and how long: a little more than the API lets one ask for. */
export const usageSpans = {
  minute: { ms: minute, keptMs: 49 * hour },
  hour: { ms: hour, keptMs: 90 * day },
  day: { ms: day, keptMs: 731 * day },
} as const;
export type UsageSpan = keyof typeof usageSpans;

export const usageSpanNames = ['minute', 'hour', 'day'] as const satisfies readonly UsageSpan[];

/** Which users were seen on a day is kept this long; their numbers are made of it. */
export const usersKeptMs = 400 * day;

/** Where the span begins that `time` falls into. */
export function spanStart(span: UsageSpan, time: number): number {
  return time - (((time % usageSpans[span].ms) + usageSpans[span].ms) % usageSpans[span].ms);
}
