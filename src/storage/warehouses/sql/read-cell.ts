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
