import type { ColumnType } from '../../../core/warehouse-engine.ts';
import { escapedText, type MergeWords } from '../merge/merge-words.ts';

/** Moments are UTC. Texts have no length; JSON is told from other texts by the name of its column. */
const types = {
  boolean: 'boolean',
  integer: 'bigint',
  float: 'double',
  timestamp: 'timestamp',
  text: 'string',
  json: 'string',
} as const satisfies Record<ColumnType, string>;

const natives: ReadonlyMap<string, ColumnType> = new Map([
  ['BOOLEAN', 'boolean'],
  ['LONG', 'integer'],
  ['BIGINT', 'integer'],
  ['DOUBLE', 'float'],
  ['TIMESTAMP', 'timestamp'],
  ['STRING', 'text'],
]);

const identifier = (name: string) => `\`${name.replaceAll('`', '``')}\``;

export const databricksWords: MergeWords = {
  engine: 'Databricks',
  types,
  typeOf: (native) => natives.get(native.toUpperCase()),
  identifier,
  text: escapedText,
  json: escapedText,
  jsonOf: (column) => column,
  timestamp: (value) => `timestamp'${value}'`,
  isoOf: (column) => `date_format(${column}, "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'")`,
  columnsOf: (schema) =>
    `select table_name, column_name, data_type from information_schema.columns where table_schema = ${escapedText(schema)} order by table_name, ordinal_position`,
  createSchema: (schema) => `create schema if not exists ${identifier(schema)}`,
  hasTargetAlias: true,
  tableEnd: () => ' using delta',
  addColumn: 'add column',
};
