import type { ColumnType } from '../../../core/warehouse-engine.ts';
import { escapedText, type MergeWords } from '../merge/merge-words.ts';

/** Moments are UTC. JSON is text: `parse_json` makes a VARIANT of it, but not between `values (…)`. */
const types = {
  boolean: 'boolean',
  integer: 'number(19, 0)',
  float: 'double',
  timestamp: 'timestamp_ntz(6)',
  text: 'varchar(512)',
  json: 'varchar(16777216)',
} as const satisfies Record<ColumnType, string>;

/** In capitals, which is what a name without quotes means to Snowflake. */
const identifier = (name: string) => `"${name.toUpperCase().replaceAll('"', '""')}"`;

export const snowflakeWords: MergeWords = {
  engine: 'Snowflake',
  types,
  typeOf: (native) => {
    const type = native.toUpperCase();
    if (type === 'BOOLEAN') return 'boolean';
    if (type === 'FLOAT' || type === 'DOUBLE') return 'float';
    if (type.startsWith('NUMBER')) return 'integer';
    if (type.startsWith('TIMESTAMP')) return 'timestamp';
    if (!/^(TEXT|VARCHAR)/.test(type)) return undefined;
    return type.endsWith('(16777216)') ? 'json' : 'text';
  },
  identifier,
  text: escapedText,
  json: escapedText,
  jsonOf: (column) => column,
  timestamp: (value) => `'${value.replace('Z', '')}'::timestamp_ntz(6)`,
  isoOf: (column) => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.FF6"Z"')`,
  columnsOf: (schema) =>
    `select lower(table_name), lower(column_name), data_type || coalesce('(' || character_maximum_length || ')', '')
     from information_schema.columns where table_schema = ${escapedText(schema.toUpperCase())} order by table_name, ordinal_position`,
  createSchema: (schema) => `create schema if not exists ${identifier(schema)}`,
  hasTargetAlias: true,
  tableEnd: () => '',
  addColumn: 'add column',
};
