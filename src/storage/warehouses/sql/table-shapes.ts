import type { ColumnType, TableShape } from '../../../core/warehouse-engine.ts';
import type { NativeTypes } from './change-statements.ts';

const columnTypes = ['boolean', 'integer', 'float', 'timestamp', 'text', 'json'] as const;

/** The type of ours that a column of a native type has; of two that share one the first. Undefined: it is not ours. */
export function columnTypeOf(types: NativeTypes): (native: string) => ColumnType | undefined {
  return (native) => columnTypes.find((one) => types[one] === native);
}

/** The tables of a schema, from rows of table, column and native type in the order of the columns. */
export function tableShapes(
  schema: string,
  rows: readonly (readonly unknown[])[],
  typeOf: (native: string) => ColumnType | undefined,
): TableShape[] {
  const tables = Map.groupBy(rows, ([table]) => String(table));
  return [...tables].map(([name, columns]) => ({
    schema,
    name,
    columns: columns.flatMap(([, column, native]) => {
      const type = typeOf(String(native));
      return type === undefined ? [] : [{ name: String(column), type }];
    }),
  }));
}
