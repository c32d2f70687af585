import type { ColumnType, SchemaChanges } from '../../../core/warehouse-engine.ts';
import { quoted, quotedTable } from './names.ts';

/** How an engine calls the types of columns. */
export type NativeTypes = Readonly<Record<ColumnType, string>>;

/** The statements that make tables, columns and types as a unit needs them. What is there stays. */
export function changeStatements(
  { create, add, widen }: SchemaChanges,
  types: NativeTypes,
  idConstraint: string,
): string[] {
  const schemas = [...new Set(create.map(({ schema }) => schema))];
  return [
    ...schemas.map((schema) => `create schema if not exists ${quoted(schema)}`),
    ...create.map((table) => {
      const columns = table.columns.map(({ name, type }) => {
        const constraint = name === 'id' ? ` ${idConstraint}` : '';
        return `${quoted(name)} ${types[type]}${constraint}`;
      });
      return `create table if not exists ${quotedTable(table)} (${columns.join(', ')})`;
    }),
    ...add.flatMap(({ table, columns }) =>
      columns.map(
        ({ name, type }) =>
          `alter table ${quotedTable(table)} add column if not exists ${quoted(name)} ${types[type]}`,
      ),
    ),
    ...widen.map(
      ({ table, column: { name, type } }) =>
        `alter table ${quotedTable(table)} alter column ${quoted(name)} type ${types[type]}`,
    ),
  ];
}
