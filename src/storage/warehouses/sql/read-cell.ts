import type { CellValue, ColumnType } from '../../../core/warehouse-engine.ts';

/** A value that a driver gave, of a column of ours; moments come as texts with six digits of a second. */
export function readCell(type: ColumnType, value: unknown): CellValue {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'boolean':
      return value === true;
    case 'integer':
    case 'float':
      return Number(value);
    case 'timestamp':
      return String(value).replace(/(\.\d{3}\d*?)0*Z$/, '$1Z');
    case 'text':
    case 'json':
      return String(value);
  }
}

/** A value of a query: drivers give large integers as texts, which they stay beyond 2^53; lists and structures become JSON. */
export function plainValue(type: string, value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') {
    const isInteger = /^(u?(big|huge)int|bigint)$/i.test(type);
    return isInteger && Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}
