import type {
  ColumnShape,
  ColumnType,
  LoadUnit,
  SchemaChanges,
  TableName,
} from '../../../core/warehouse-engine.ts';
import { quoted, quotedTable } from '../sql/names.ts';

/** Moments are UTC, to the microsecond, from 1900 to 2299. */
const clickhouseTypes: Readonly<Record<ColumnType, string>> = {
  boolean: 'Bool',
  integer: 'Int64',
  float: 'Float64',
  timestamp: "DateTime64(6, 'UTC')",
  text: 'String',
  json: 'String',
};

export const typeOfNative: ReadonlyMap<string, ColumnType> = new Map([
  ['Bool', 'boolean'],
  ['Int64', 'integer'],
  ['Float64', 'float'],
  ["DateTime64(6, 'UTC')", 'timestamp'],
  ['String', 'text'],
]);

/** A text as ClickHouse reads it: it knows escapes with a backslash. */
export function clickhouseText(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** Blocks of units that a table remembers by their tokens: a repeated one is dropped. */
const unitsRemembered = 10_000;

/** The statements that make schemas, tables and columns. What is there stays. */
export function changeStatements({ changes, tables }: LoadUnit): string[] {
  const replaced = new Set(
    tables.filter(({ merge }) => merge === 'replace').map(({ table }) => quotedTable(table)),
  );
  const schemas = new Set(changes.create.map(({ schema }) => schema));
  return [
    ...[...schemas].map((schema) => `create database if not exists ${quoted(schema)}`),
    ...changes.create.map((table) => createTable(table, replaced.has(quotedTable(table)))),
    ...addColumns(changes),
  ];
}

function createTable(
  table: TableName & { readonly columns: readonly ColumnShape[] },
  isReplaced: boolean,
): string {
  const columns = table.columns.map(columnOf);
  const hasTime = table.columns.some(({ name }) => name === 'received_at');
  const body = isReplaced
    ? `${[...columns, '"_version" DateTime64(6) materialized now64(6)'].join(', ')}) engine = ReplacingMergeTree("_version") order by "id"`
    : `${columns.join(', ')}) engine = MergeTree ${hasTime ? 'partition by toYYYYMM("received_at") order by ("received_at", "id")' : 'order by "id"'}`;
  return `create table if not exists ${quotedTable(table)} (${body}
    settings non_replicated_deduplication_window = ${unitsRemembered}, allow_nullable_key = 1`;
}

function addColumns({ add }: SchemaChanges): string[] {
  return add.map(({ table, columns }) => {
    const added = columns.map((column) => `add column if not exists ${columnOf(column)}`);
    return `alter table ${quotedTable(table)} ${added.join(', ')}`;
  });
}

function columnOf({ name, type }: ColumnShape): string {
  const native = clickhouseTypes[type];
  return `${quoted(name)} ${name === 'id' ? native : `Nullable(${native})`}`;
}
