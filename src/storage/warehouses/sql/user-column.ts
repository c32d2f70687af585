import type { TableShape } from '../../../core/warehouse-engine.ts';

/** The column that names the end user of a row; undefined: the table has none. */
export function userColumn({ name, columns }: TableShape): string | undefined {
  const column = name === 'users' ? 'id' : 'user_id';
  return columns.some((one) => one.name === column) ? column : undefined;
}
