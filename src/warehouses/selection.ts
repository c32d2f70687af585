import type { SyncOverride } from '../core/snapshot.ts';
import { snakeCase } from './naming/snake-case.ts';

/** What selective sync leaves out of one source (spec tracking-api §14.4). */
export interface Selection {
  takesTable(table: string): boolean;
  takesColumn(table: string, column: string): boolean;
}

/** Without these a table could be neither merged nor read in order. */
const needed = new Set(['id', 'received_at', 'uuid_ts']);

/**
 * The more exact override counts: property before collection before the source as a whole. Collections and properties may be
 * named as the events have them, or as tables and columns.
 */
export function selectionOf(overrides: readonly SyncOverride[] = []): Selection {
  const told = new Map<string, boolean>();
  for (const { collection = '', property = '', enabled } of overrides) {
    told.set(keyOf(snakeCase(collection), snakeCase(property)), enabled);
  }
  const takesTable = (table: string) =>
    told.get(keyOf(plain(table), '')) ?? told.get(keyOf('', '')) ?? true;
  return {
    takesTable: (table) => {
      if (takesTable(table)) return true;
      const prefix = keyOf(plain(table), '');
      return [...told].some(
        ([key, enabled]) => enabled && key !== prefix && key.startsWith(prefix),
      );
    },
    takesColumn: (table, column) =>
      needed.has(column) || (told.get(keyOf(plain(table), plain(column))) ?? takesTable(table)),
  };
}

/** Of one collection alone, where it is taken at all. */
export function withinCollection(selection: Selection, collection: string): Selection {
  const wanted = plain(snakeCase(collection));
  return {
    takesTable: (table) => plain(table) === wanted && selection.takesTable(table),
    takesColumn: selection.takesColumn,
  };
}

/** Names of tables and columns without the `_` that a reserved word got. */
function plain(name: string): string {
  return name.replace(/^_+/, '');
}

/** Snake case has no line break: no two keys are the same text. */
function keyOf(table: string, column: string): string {
  return `${table}\n${column}`;
}
