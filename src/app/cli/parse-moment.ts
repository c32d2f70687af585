import { TributaryError } from '../../core/errors.ts';

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of `90s`, `30m`, `24h` or `7d`; undefined for other texts. */
function durationOf(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count === undefined) return undefined;
  for (const [name, ms] of Object.entries(units)) if (name === unit) return Number(count) * ms;
  return undefined;
}

/** A moment as the API takes it: ISO 8601 stays, `24h` is so long from `now`, `never` is null. */
export function parseMoment(text: string, now: number): string | null {
  if (text === 'never') return null;
  const duration = durationOf(text);
  if (duration !== undefined) return new Date(now + duration).toISOString();
  if (!Number.isNaN(Date.parse(text))) return text;
  const message = `${text} is no moment: give ISO 8601, a duration like 24h, or never`;
  throw new TributaryError('validation_error', message);
}
