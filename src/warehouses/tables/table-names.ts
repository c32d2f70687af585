import { limits } from '../../core/limits.ts';
import type { TableShape } from '../../core/warehouse-engine.ts';
import { builtInTables, type Identifiers } from '../naming/identifiers.ts';
import { timesColumn } from './latest-rows.ts';

/**
 * Which table an event or a collection of objects goes to. The two never share one: who comes second gets `_` in front.
 * There are `limits.warehouseTables` of them at the most.
 */
export class TableNames {
  readonly #identifiers: Identifiers;
  /** What each table holds. */
  readonly #tables = new Map<string, 'events' | 'objects'>();
  readonly #known = new Map<string, string>();

  constructor(identifiers: Identifiers, shapes: readonly TableShape[]) {
    this.#identifiers = identifiers;
    for (const { name, columns } of shapes) {
      if (builtInTables.has(name)) continue;
      const isState = columns.some((column) => column.name === timesColumn);
      this.#tables.set(name, isState ? 'objects' : 'events');
    }
  }

  /** Undefined: it would be one table too many. */
  ofEvent(name: string): string | undefined {
    return this.#find(name, 'events');
  }

  ofCollection(name: string): string | undefined {
    return this.#find(name, 'objects');
  }

  #find(name: string, holds: 'events' | 'objects'): string | undefined {
    const key = `${holds} ${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    let table = this.#identifiers.table(name);
    while ((this.#tables.get(table) ?? holds) !== holds) table = `_${table}`;
    if (!this.#tables.has(table)) {
      if (this.#tables.size >= limits.warehouseTables) return undefined;
      this.#tables.set(table, holds);
    }
    // Many names may come to the same table.
    if (this.#known.size >= 2 * limits.warehouseTables) this.#known.clear();
    this.#known.set(key, table);
    return table;
  }
}
