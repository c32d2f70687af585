/** The moments of a cron expression of five fields: minute, hour, day of the month, month, day of the week. */
export interface CronFields {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  /** Both kinds of days are named: one of the two is enough, as cron has it. */
  readonly eitherDay: boolean;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const names: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

/** Undefined: not such an expression. Takes lists, ranges, steps, English names of months and days, and `@daily` and the like. */
export function parseCron(spec: string): CronFields | undefined {
  const text = spec.trim().toLowerCase();
  const fields = (names[text] ?? text).split(/\s+/);
  if (fields.length !== 5) return undefined;
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  const parsed = {
    minutes: parseField(minute, 0, 59),
    hours: parseField(hour, 0, 23),
    days: parseField(day, 1, 31),
    months: parseField(month, 1, 12, months),
    weekdays: parseField(weekday, 0, 7, weekdays),
  };
  const { minutes, hours, days, months: ofYear, weekdays: ofWeek } = parsed;
  if (!minutes || !hours || !days || !ofYear || !ofWeek) return undefined;
  const eitherDay = !day.startsWith('*') && !weekday.startsWith('*');
  const sundays = new Set([...ofWeek].map((one) => one % 7));
  return { minutes, hours, days, months: ofYear, weekdays: sundays, eitherDay };
}

function parseField(
  text: string,
  least: number,
  most: number,
  words: readonly string[] = [],
): ReadonlySet<number> | undefined {
  const all = new Set<number>();
  const numberOf = (part: string) => {
    const word = words.indexOf(part);
    if (word >= 0) return word + least;
    return /^\d{1,2}$/.test(part) ? Number(part) : Number.NaN;
  };
  for (const item of text.split(',')) {
    const [range = '', stepText = '1', ...more] = item.split('/');
    const [first = '', end = stepText === '1' ? first : '', ...rest] = range.split('-');
    const step = Number(stepText);
    if (more.length + rest.length > 0 || !/^\d{1,2}$/.test(stepText) || step < 1) return undefined;
    const from = range === '*' ? least : numberOf(first);
    // `5/15` goes on to the end, as `5-59/15` does.
    const to = range === '*' || end === '' ? most : numberOf(end);
    if (!(from >= least && to <= most && from <= to)) return undefined;
    for (let value = from; value <= to; value += step) all.add(value);
  }
  return all;
}

/** Whether the minute of this moment, in the time zone, is one of the expression's. */
export function cronMatches(cron: CronFields, at: number, timezone: string): boolean {
  return minutesToGo(cron, localTime(at, timezone)) === 0;
}

const minuteMs = 60_000;
/** The 29th of February is at most eight years away. */
const lookAheadMs = 9 * 366 * 24 * 60 * minuteMs;

/**
 * The first moment after `after` that the expression names, in the time zone. A time that a day does not have (clocks are put
 * forward) is passed over, one that it has twice comes twice. Undefined: there is none in nine years.
 */
export function nextCronMoment(
  cron: CronFields,
  after: number,
  timezone: string,
): number | undefined {
  const first = (Math.floor(after / minuteMs) + 1) * minuteMs;
  for (let at = first; at <= first + lookAheadMs; ) {
    const minutes = minutesToGo(cron, localTime(at, timezone));
    if (minutes === 0) return at;
    at += minutes * minuteMs;
  }
  return undefined;
}

interface LocalTime {
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly weekday: number;
}

/** 0: it is named. Else minutes that may be passed over: zones are apart, and change, by quarters of an hour. */
function minutesToGo(cron: CronFields, { minute, hour, day, month, weekday }: LocalTime): number {
  const toQuarter = 15 - (minute % 15);
  // A day may be an hour shorter or longer: what is passed over ends before midnight.
  const toEvening = hour < 22 ? (22 - hour) * 60 - minute : toQuarter;
  if (!cron.months.has(month)) return day < 27 ? (27 - day) * 24 * 60 : toEvening;
  const byDay = cron.days.has(day);
  const byWeekday = cron.weekdays.has(weekday);
  if (!(cron.eitherDay ? byDay || byWeekday : byDay && byWeekday)) return toEvening;
  if (!cron.hours.has(hour)) return toQuarter;
  return cron.minutes.has(minute) ? 0 : 1;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localTime(at: number, timezone: string): LocalTime {
  const parts = new Map<string, string>();
  for (const { type, value } of formatOf(timezone).formatToParts(at)) parts.set(type, value);
  const of = (type: string) => Number(parts.get(type));
  const weekday = weekdays.indexOf((parts.get('weekday') ?? '').toLowerCase());
  const [minute, hour, day, month] = [of('minute'), of('hour'), of('day'), of('month')];
  return { minute, hour, day, month, weekday };
}

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: timezone, hourCycle: 'h23', weekday: 'short' },
    ...{ month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
  });
  formats.set(timezone, format);
  return format;
}
