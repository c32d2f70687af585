import type { DeleteOptions, TableShape } from '../../../core/warehouse-engine.ts';

/** How an engine says it. */
export interface UserWords {
  /** That a column holds one of the ids. */
  isOne(column: string): string;
  /** That a column is before a moment, ISO 8601. */
  isBefore(column: string, moment: string): string;
}

/** The condition by which the rows of end users are found in a table (`Warehouse.deleteUsers`); undefined: it has none of users. */
export function rowsOfUsers(
  { name, columns }: TableShape,
  { by = 'user_id', before }: DeleteOptions,
  { isOne, isBefore }: UserWords,
): string | undefined {
  const holding = idColumns(name, by).filter((id) => columns.some((one) => one.name === id));
  if (holding.length === 0) return undefined;
  const ids = `(${holding.map(isOne).join(' or ')})`;
  const hasReceipt = columns.some((one) => one.name === received && one.type === 'timestamp');
  // The latest state of a user is of older events too.
  if (before === undefined || name === 'users' || !hasReceipt) return ids;
  return `${ids} and ${isBefore(received, before)}`;
}

const received = 'received_at';

function idColumns(table: string, by: string): readonly string[] {
  if (table === 'aliases') return [by, 'previous_id'];
  return [table === 'users' && by === 'user_id' ? 'id' : by];
}
