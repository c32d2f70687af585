import type { ColumnType } from '../../../core/warehouse-engine.ts';
import { escapedText, type MergeWords } from '../merge/merge-words.ts';

const types = {
  boolean: 'bool',
  integer: 'int64',
  float: 'float64',
  timestamp: 'timestamp',
  text: 'string',
  json: 'string',
} as const satisfies Record<ColumnType, string>;

const natives: ReadonlyMap<string, ColumnType> = new Map([
  ['BOOL', 'boolean'],
  ['INT64', 'integer'],
  ['FLOAT64', 'float'],
  ['TIMESTAMP', 'timestamp'],
  ['STRING', 'text'],
]);

const identifier = (name: string) => `\`${name.replace(/[\\`]/g, '\\$&')}\``;

/** `location`: where new datasets are made. */
export function bigqueryWords(location: string): MergeWords {
  return {
    engine: 'BigQuery',
    types,
    typeOf: (native) => natives.get(native.toUpperCase()),
    identifier,
    text: escapedText,
    json: escapedText,
    jsonOf: (column) => column,
    timestamp: (value) => `timestamp '${value}'`,
    isoOf: (column) => `format_timestamp('%Y-%m-%dT%H:%M:%E6SZ', ${column}, 'UTC')`,
    columnsOf: (schema) =>
      `select table_name, column_name, data_type from ${identifier(schema)}.INFORMATION_SCHEMA.COLUMNS order by table_name, ordinal_position`,
    createSchema: (schema) =>
      `create schema if not exists ${identifier(schema)} options(location = ${escapedText(location)})`,
    hasTargetAlias: true,
    tableEnd: (columns) =>
      columns.some(({ name }) => name === 'received_at') ? ' partition by date(received_at)' : '',
    addColumn: 'add column',
  };
}
