import type { Json } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import type { CellValue, ColumnType } from '../../core/warehouse-engine.ts';
import { readMoment } from './read-moment.ts';

/** What stands at the end of a path: objects are taken apart before. */
export type Leaf = string | number | boolean | readonly Json[];

export interface Fitted {
  /** What goes into the column. */
  readonly cell: CellValue;
  /** False: it is only a part of the value, and the whole belongs into the overflow too. */
  readonly isWhole: boolean;
}

/** The type that a column gets by its first value (spec tracking-api §14.3). */
export function typeOf(value: Leaf): ColumnType {
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : 'float';
  return typeof value === 'string' && readMoment(value) !== undefined ? 'timestamp' : 'text';
}

/** A value as a column of a type holds it; undefined when it does not fit. */
export function fitValue(type: ColumnType, value: Leaf): Fitted | undefined {
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean' ? whole(value) : undefined;
    case 'integer':
      return fitNumber(value, Number.isSafeInteger);
    case 'float':
      return fitNumber(value, Number.isFinite);
    case 'timestamp': {
      const moment = typeof value === 'string' ? readMoment(value) : undefined;
      return moment && { cell: moment.text, isWhole: moment.isExact };
    }
    case 'text':
      return fitText(typeof value === 'object' ? JSON.stringify(value) : String(value));
    case 'json':
      return undefined;
  }
}

/** Also a text that is a number, written as we would write it. */
function fitNumber(value: Leaf, fits: (number: number) => boolean): Fitted | undefined {
  if (typeof value === 'number') return fits(value) ? whole(value) : undefined;
  if (typeof value !== 'string' || value === '' || value.length > 24) return undefined;
  const number = Number(value);
  return String(number) === value && fits(number) ? whole(number) : undefined;
}

/** The first 512 characters; what no engine can store is replaced. */
function fitText(text: string): Fitted {
  if (isPlainText(text)) return whole(text);
  const most = limits.warehouseTextLength;
  const cut = text.length <= most ? text : [...text.slice(0, 2 * most)].slice(0, most).join('');
  const isWhole = cut.length === text.length && isStorable(text);
  return { cell: cut.replaceAll('\u0000', '\ufffd').toWellFormed(), isWhole };
}

/** Whether a column of texts holds it as it is. */
export function isPlainText(text: string): boolean {
  return text.length <= limits.warehouseTextLength && isStorable(text);
}

function isStorable(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}

function whole(cell: CellValue): Fitted {
  return { cell, isWhole: true };
}
