const dayMs = 86_400_000;
/** The years 0000 to 9999: what four digits of a year can say, and nothing else is taken or given. */
export const firstTime = -62_167_219_200_000;
export const lastTime = 253_402_300_799_999;

const loose =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|\s+)(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d+))?)?)?\s*(Z|z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?$/;
const dateString = /^[A-Za-z]{3},?\s.*(?:GMT|UTC|Z|[+-]\d{4})(?:\s*\([^)]*\))?$/;

/**
 * A client's stamp as milliseconds since the epoch; undefined when it is no date (spec tracking-api
 * §7.2). Accepts ISO 8601 with any precision and offset, unpadded months and days, no time of day,
 * and the text of a JavaScript or HTTP date that names its zone. Without a zone it is UTC.
 */
export function parseTime(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  return parseCanonical(value) ?? parseLoose(value.trim());
}

/**
 * Reads `2026-11-20T10:00:00.123Z` and nothing else: what nearly every SDK sends, without a regular
 * expression. Such a text is also what `formatTime` writes for the result.
 */
export function parseCanonical(text: string): number | undefined {
  if (
    text.length !== 24 ||
    text.charCodeAt(4) !== 45 ||
    text.charCodeAt(7) !== 45 ||
    text.charCodeAt(10) !== 84 ||
    text.charCodeAt(13) !== 58 ||
    text.charCodeAt(16) !== 58 ||
    text.charCodeAt(19) !== 46 ||
    text.charCodeAt(23) !== 90
  ) {
    return undefined;
  }
  const century = pair(text, 0);
  const year = pair(text, 2);
  const tenths = pair(text, 20);
  const last = text.charCodeAt(22) - 48;
  const hour = pair(text, 11);
  const second = pair(text, 17);
  if (century < 0 || year < 0 || tenths < 0 || last < 0 || last > 9) return undefined;
  if (hour > 23 || second > 59) return undefined;
  return fromParts(
    century * 100 + year,
    pair(text, 5),
    pair(text, 8),
    hour,
    pair(text, 14),
    second,
    tenths * 10 + last,
  );
}

function pair(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function parseLoose(text: string): number | undefined {
  const match = loose.exec(text);
  if (match === null) {
    const parsed = text.length <= 64 && dateString.test(text) ? Date.parse(text) : Number.NaN;
    return inRange(parsed) ? parsed : undefined;
  }
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match;
  const local = fromParts(
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.padEnd(3, '0').slice(0, 3)),
  );
  const offset = zoneMs(zone);
  if (local === undefined || offset === undefined) return undefined;
  return inRange(local - offset) ? local - offset : undefined;
}

/** Milliseconds east of UTC. */
function zoneMs(zone: string | undefined): number | undefined {
  const sign = zone?.charAt(0);
  if (zone === undefined || (sign !== '+' && sign !== '-')) return 0;
  const digits = zone.slice(1).replace(':', '');
  const hours = Number(digits.length > 2 ? digits.slice(0, -2) : digits);
  const minutes = digits.length > 2 ? Number(digits.slice(-2)) : 0;
  if (hours > 23 || minutes > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function fromParts(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  ms: number,
): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  const midnight = hour === 24 && minute === 0 && second === 0 && ms === 0;
  if (hour < 0 || (hour > 23 && !midnight) || minute < 0 || minute > 59) return undefined;
  // Second 60 is a leap second: it is the next minute's first.
  if (second < 0 || second > 60) return undefined;
  const time =
    daysFromEpoch(year, month, day) * dayMs +
    hour * 3_600_000 +
    minute * 60_000 +
    second * 1_000 +
    ms;
  return inRange(time) ? time : undefined;
}

function inRange(time: number): boolean {
  return time >= firstTime && time <= lastTime;
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March. */
function daysFromEpoch(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
