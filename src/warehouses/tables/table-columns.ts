import type {
  ColumnShape,
  ColumnType,
  TableName,
  TableShape,
  WarehouseDialect,
} from '../../core/warehouse-engine.ts';
import { overflowColumn } from '../values/overflow.ts';

/** A column as it stands, or will after the unit. */
export interface TableColumn {
  readonly name: string;
  type: ColumnType;
  /** Its place among the columns of the table. */
  readonly index: number;
  /** It comes with this unit: its type may still give way. */
  isNew: boolean;
}

/** The columns of one table, over all units of a sync: what is there, and what the unit at hand adds. */
export class TableColumns {
  readonly name: TableName;
  readonly all: TableColumn[] = [];
  readonly #byName = new Map<string, TableColumn>();
  readonly #dialect: WarehouseDialect;
  #isNew: boolean;
  #widened: TableColumn[] = [];

  constructor(name: TableName, shape: TableShape | undefined, dialect: WarehouseDialect) {
    this.name = name;
    this.#dialect = dialect;
    this.#isNew = shape === undefined;
    for (const column of shape?.columns ?? []) this.#put(column, false);
  }

  /** The warehouse has the table. */
  get isThere(): boolean {
    return !this.#isNew;
  }

  get(name: string): TableColumn | undefined {
    return this.#byName.get(name);
  }

  /** A column that is to be there; undefined when the table can have no more. One place is kept for the overflow. */
  add(name: string, type: ColumnType): TableColumn | undefined {
    const kept = name === overflowColumn || this.#byName.has(overflowColumn) ? 0 : 1;
    if (this.all.length + kept >= this.#dialect.columns) return undefined;
    return this.#put({ name, type }, true);
  }

  /** The column, which is made when it is not there, of a table that always has it. */
  own(name: string, type: ColumnType): TableColumn {
    return this.#byName.get(name) ?? this.#put({ name, type }, true);
  }

  /**
   * Whether the column can take values of another type from now on: nothing stands in it yet, or the engine changes it without
   * writing its rows again.
   */
  widen(column: TableColumn, type: ColumnType): boolean {
    const within = column.isNew && column.type === 'integer' && type === 'float';
    if (!within && !this.#dialect.widens[column.type]?.includes(type)) return false;
    if (!column.isNew && !this.#widened.includes(column)) this.#widened.push(column);
    column.type = type;
    return true;
  }

  /** What the unit changes of the table; it is taken as done. */
  takeChanges(): {
    readonly create: TableShape[];
    readonly add: { readonly table: TableName; readonly columns: ColumnShape[] }[];
    readonly widen: { readonly table: TableName; readonly column: ColumnShape }[];
  } {
    const added = this.all.filter(({ isNew }) => isNew).map(shapeOf);
    const widened = this.#widened.map((column) => ({ table: this.name, column: shapeOf(column) }));
    const isNew = this.#isNew;
    this.#isNew = false;
    this.#widened = [];
    for (const column of this.all) column.isNew = false;
    if (isNew) return { create: [{ ...this.name, columns: added }], add: [], widen: [] };
    const add = added.length === 0 ? [] : [{ table: this.name, columns: added }];
    return { create: [], add, widen: widened };
  }

  #put({ name, type }: ColumnShape, isNew: boolean): TableColumn {
    const column = { name, type, index: this.all.length, isNew };
    this.all.push(column);
    this.#byName.set(name, column);
    return column;
  }
}

export function shapeOf({ name, type }: ColumnShape): ColumnShape {
  return { name, type };
}
