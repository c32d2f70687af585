import type { ColumnShape, ColumnType, TableShape } from '../../../core/warehouse-engine.ts';
import { literal, quoted, quotedColumns } from '../sql/names.ts';

/** Types of DuckDB, and with them those of the Parquet files. Moments are marked as UTC there. */
export const lakeTypes: Readonly<Record<ColumnType, string>> = {
  boolean: 'BOOLEAN',
  integer: 'BIGINT',
  float: 'DOUBLE',
  timestamp: 'TIMESTAMPTZ',
  text: 'VARCHAR',
  json: 'VARCHAR',
};

/** In tables of a latest state: the commit that wrote the row. Of the rows of an id the one with the highest counts. */
export const orderColumn = '_commit';

export function readFiles(paths: readonly string[]): string {
  return `read_parquet([${paths.map(literal).join(', ')}], union_by_name = true, hive_partitioning = false)`;
}

function typed(columns: readonly ColumnShape[]): string {
  return columns.map(({ name, type }) => `null::${lakeTypes[type]} as ${quoted(name)}`).join(', ');
}

/**
 * All rows of a table from its files. A column that no file has is null, and where the table holds a latest state only the
 * newest row of each id is given.
 */
export function tableQuery(
  { columns }: Pick<TableShape, 'columns'>,
  paths: readonly string[],
  isLatest: boolean,
): string {
  const order = isLatest ? `, null::BIGINT as ${quoted(orderColumn)}` : '';
  const shape = `select ${typed(columns)}${order} where false`;
  if (paths.length === 0) return `select ${quotedColumns(columns)} from (${shape})`;
  const rows = `(${shape}) union all by name (select * from ${readFiles(paths)})`;
  const newest = isLatest
    ? ` qualify row_number() over (partition by id order by ${quoted(orderColumn)} desc) = 1`
    : '';
  return `select ${quotedColumns(columns)} from (${rows})${newest}`;
}
