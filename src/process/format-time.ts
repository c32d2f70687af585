const minuteMs = 60_000;

/** `00Z` … within a minute: the text behind `YYYY-MM-DDTHH:mm:` is put together from two tables. */
const seconds = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));
const thousandths = Array.from({ length: 1_000 }, (_, n) => `.${String(n).padStart(3, '0')}Z`);

let cachedMinute = Number.NaN;
let cachedPrefix = '';

/**
 * ISO 8601 in UTC with milliseconds, as `Date.prototype.toISOString` writes it. Most stamps fall into
 * the minute of the one before, so the calendar is asked once a minute. `time` must be an integer
 * that a Date can hold.
 */
export function formatTime(time: number): string {
  const minute = Math.floor(time / minuteMs);
  if (minute !== cachedMinute) {
    cachedPrefix = new Date(minute * minuteMs).toISOString().slice(0, -7);
    cachedMinute = minute;
  }
  const rest = time - minute * minuteMs;
  const second = Math.floor(rest / 1_000);
  return `${cachedPrefix}${seconds[second] ?? ''}${thousandths[rest - second * 1_000] ?? ''}`;
}
