import { createHash } from 'node:crypto';
import { isJsonObject } from '../../src/core/json.ts';

/** The key in an event that holds its mark. */
export const markKey = '"mark"';

/** Cases are shared out to lanes, each of which sends one after the other. */
export const lanes = 16;

/** What makes an event unique: the case it is of and its place in it. */
export interface Mark {
  readonly text: string;
  readonly lane: number;
  /** Grows in the order in which a lane sends. */
  readonly order: number;
}

const form = /^mk-\d{4}-(\d+)-(\d+)-[0-9a-f]{8}$/;
/** Events of one case. */
const most = 100_000;

/** The case a mark is of. */
export const caseOf = ({ order }: Mark): number => Math.floor(order / most);

export const sameCase = (one: Mark, other: Mark): boolean => caseOf(one) === caseOf(other);

/** `attempt` 0 is the case as it was drawn; higher ones are sent while it is minimised. */
export function markOf(caseNumber: number, place: number, attempt = 0): string {
  const sum = createHash('sha256').update(`${caseNumber}-${place}`).digest('hex').slice(0, 8);
  return `mk-${String(attempt).padStart(4, '0')}-${caseNumber}-${place}-${sum}`;
}

/** The same bytes with the marks of another attempt; no length changes. */
export function remarked(bytes: Buffer, attempt: number): Buffer {
  const text = bytes.toString('latin1');
  const head = `mk-${String(attempt).padStart(4, '0')}-`;
  return Buffer.from(text.replaceAll(/mk-\d{4}-/g, head), 'latin1');
}

/** The mark an event carries; undefined where mutation has spoilt it. */
export function readMark(event: unknown): Mark | undefined {
  if (!isJsonObject(event)) return undefined;
  const { mark, properties } = event;
  return parseMark(mark) ?? parseMark(isJsonObject(properties) ? properties['mark'] : undefined);
}

export function parseMark(text: unknown): Mark | undefined {
  if (typeof text !== 'string') return undefined;
  const [, caseText, placeText] = form.exec(text) ?? [];
  if (caseText === undefined || placeText === undefined) return undefined;
  const [caseNumber, place] = [Number(caseText), Number(placeText)];
  if (markOf(caseNumber, place).slice(8) !== text.slice(8)) return undefined;
  return { text, lane: caseNumber % lanes, order: caseNumber * most + place };
}
