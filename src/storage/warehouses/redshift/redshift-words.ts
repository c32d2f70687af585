import type { ColumnType } from '../../../core/warehouse-engine.ts';
import type { MergeWords } from '../merge/merge-words.ts';
import { quoted } from '../sql/names.ts';

const types = {
  boolean: 'boolean',
  integer: 'bigint',
  float: 'double precision',
  timestamp: 'timestamp with time zone',
  // 512 characters of up to four bytes.
  text: 'varchar(2048)',
  json: 'super',
} as const satisfies Record<ColumnType, string>;

const natives: ReadonlyMap<string, ColumnType> = new Map([
  ['boolean', 'boolean'],
  ['bigint', 'integer'],
  ['double precision', 'float'],
  ['timestamp with time zone', 'timestamp'],
  ['character varying', 'text'],
  ['super', 'json'],
  ['jsonb', 'json'],
]);

/** Whether a backslash is an escape depends on the cluster's settings: so none is written. */
function text(value: string): string {
  const parts = value.split('\\').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? parts.join('') : `(${parts.join(' || chr(92) || ')})`;
}

export const redshiftWords: MergeWords = {
  engine: 'Redshift',
  types,
  typeOf: (native) => natives.get(native),
  identifier: quoted,
  text,
  // SUPER takes no U+0000.
  json: (value) => `json_parse(${text(value.replaceAll('\\u0000', '\\ufffd'))})`,
  jsonOf: (column) => `json_serialize(${column})`,
  timestamp: (value) => `cast('${value}' as timestamp with time zone)`,
  isoOf: (column) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
  columnsOf: (schema) =>
    `select table_name, column_name, data_type from information_schema.columns where table_schema = ${text(schema)} order by table_name, ordinal_position`,
  createSchema: (schema) => `create schema if not exists ${quoted(schema)}`,
  hasTargetAlias: false,
  tableEnd: () => '',
  addColumn: 'add column',
};
