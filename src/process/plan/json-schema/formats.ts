import { isIPv4, isIPv6 } from 'node:net';

const days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const dateParts = /^(\d{4})-(\d\d)-(\d\d)$/;
const timeParts = /^(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:z|[+-]\d\d(?::?\d\d)?)$/i;

/** Formats that are checked; texts of others pass. None takes time that is not linear in the text. */
export const formats: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['date-time', isDateTime],
  ['date', isDate],
  ['time', isTime],
  ['email', (text: string) => /^[^\s@]{1,64}@[^\s@.]+(?:\.[^\s@.]+)*$/.test(text)],
  ['hostname', isHostname],
  ['ipv4', isIPv4],
  ['ipv6', isIPv6],
  ['uri', (text: string) => /^[a-z][a-z0-9+.-]*:/i.test(text) && URL.canParse(text)],
  ['uuid', (text: string) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)],
]);

function isDate(text: string): boolean {
  const [, year = '', month = '', day = ''] = dateParts.exec(text) ?? [];
  const last = days[Number(month) - 1] ?? 0;
  const isLeap = Number(year) % 4 === 0 && (Number(year) % 100 !== 0 || Number(year) % 400 === 0);
  const most = month === '02' && !isLeap ? 28 : last;
  return Number(day) >= 1 && Number(day) <= most;
}

function isTime(text: string): boolean {
  const [, hours, minutes, seconds] = timeParts.exec(text) ?? [];
  return hours !== undefined && Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) <= 60;
}

function isDateTime(text: string): boolean {
  const [date = '', time = '', ...more] = text.split(/t| /i);
  return more.length === 0 && isDate(date) && isTime(time);
}

function isHostname(text: string): boolean {
  return (
    text.length <= 253 &&
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i.test(text)
  );
}
