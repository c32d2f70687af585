const iso =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?)?$/;

export interface Moment {
  /** As `CellValue` has it: UTC, three to six digits of a second. */
  readonly text: string;
  /** False: it had more digits than a warehouse holds. */
  readonly isExact: boolean;
}

/**
 * The moment that an ISO 8601 text names, a date alone or with a time; without an offset it is UTC (spec
 * tracking-api §14.3). Undefined for every other text, and for days that there are not.
 */
export function readMoment(text: string): Moment | undefined {
  // What nearly every other text fails at: this is asked of each.
  if (text.charCodeAt(4) !== dash || text.charCodeAt(7) !== dash || text.length > 36) {
    return undefined;
  }
  if (isCanonical(text)) return { text, isExact: true };
  const known = memo.get(text);
  if (known !== undefined) return known;
  const moment = parse(text);
  if (moment !== undefined) {
    if (memo.size >= memoSize) memo.clear();
    memo.set(text, moment);
  }
  return moment;
}

/** The stamps of an event are asked for once a table, and those of a batch are often the same. */
const memo = new Map<string, Moment>();
const memoSize = 256;

/** As we write moments ourselves, which nearly all are. */
function isCanonical(text: string): boolean {
  if (text.length !== 24) return false;
  for (let at = 0; at < 24; at++) {
    const code = text.charCodeAt(at);
    const sign = signs[at] ?? 0;
    if (sign === 0 ? code < zero || code > zero + 9 : code !== sign) return false;
  }
  const [month, day] = [twoDigits(text, 5), twoDigits(text, 8)];
  if (month < 1 || month > 12 || day < 1 || text.startsWith('0000')) return false;
  if (twoDigits(text, 11) > 23 || twoDigits(text, 14) > 59 || twoDigits(text, 17) > 59)
    return false;
  // The last days of a month are left to `parse`.
  return day <= 28;
}

const zero = 0x30;
/** Codes of what is no digit in `2026-11-21T12:00:00.000Z`. */
const signs = [...'0000-00-00T00:00:00.000Z'].map((sign) =>
  sign === '0' ? 0 : sign.charCodeAt(0),
);

function twoDigits(text: string, at: number): number {
  return 10 * (text.charCodeAt(at) - zero) + text.charCodeAt(at + 1) - zero;
}

function parse(text: string): Moment | undefined {
  const parts = iso.exec(text);
  if (parts === null) return undefined;
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00'] = parts;
  const fraction = parts[7] ?? '';
  const offset = parts[8] ?? 'Z';
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}`;
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc) || year === '0000') return undefined;
  // 30 February would be taken for 1 March.
  if (new Date(asUtc).getUTCDate() !== Number(day)) return undefined;
  const zone =
    offset === 'Z' || offset.includes(':') ? offset : `${offset.slice(0, 3)}:${offset.slice(3)}`;
  const moment = zone === 'Z' ? asUtc : Date.parse(local + zone);
  if (Number.isNaN(moment) || moment < earliest || moment > latest) return undefined;
  const micros = fraction.slice(3, 6).replace(/0+$/, '');
  const isExact = !/[1-9]/.test(fraction.slice(6));
  const milliseconds = new Date(moment).toISOString();
  return { text: micros === '' ? milliseconds : `${milliseconds.slice(0, -1)}${micros}Z`, isExact };
}

const dash = 0x2d;
const earliest = Date.parse('0001-01-01T00:00:00.000Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');
