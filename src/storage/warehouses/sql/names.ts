import type { ColumnShape, TableName } from '../../../core/warehouse-engine.ts';

/** Schema of what the loader keeps beside the tables. No source has it: their names do not begin so. */
export const ownSchema = '_tributary';

export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

export function quotedTable({ schema, name }: TableName): string {
  return `${quoted(schema)}.${quoted(name)}`;
}

export function quotedColumns(columns: readonly Pick<ColumnShape, 'name'>[]): string {
  return columns.map(({ name }) => quoted(name)).join(', ');
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
