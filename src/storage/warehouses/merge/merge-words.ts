import type { ColumnShape, ColumnType } from '../../../core/warehouse-engine.ts';

/** How an engine says what `MergeWarehouse` asks of it. */
export interface MergeWords {
  /** For messages. */
  readonly engine: string;
  readonly types: Readonly<Record<ColumnType, string>>;
  /** The type of ours that a column of this native type has; undefined: it is not ours. */
  typeOf(native: string): ColumnType | undefined;
  identifier(name: string): string;
  text(value: string): string;
  /** The value of a column of type `json`, from its text. */
  json(value: string): string;
  /** The text of such a column. */
  jsonOf(column: string): string;
  timestamp(value: string): string;
  /** A moment as ISO 8601 with six digits of a second. */
  isoOf(column: string): string;
  /** `[table, column, native type]` of a schema, in the order of the columns. */
  columnsOf(schema: string): string;
  createSchema(schema: string): string;
  /** Whether `merge into t as x` is known; else the table goes by its own name. */
  readonly hasTargetAlias: boolean;
  /** What follows `create table … (…)`. */
  tableEnd(columns: readonly ColumnShape[]): string;
  /** How a column is added: `add column x type`. */
  readonly addColumn: string;
}

/** A text in which backslashes begin escapes. */
export function escapedText(value: string): string {
  const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  return `'${value.replace(/[\\'\n\r\t]/g, (one) => escapes[one] ?? `\\${one}`)}'`;
}
