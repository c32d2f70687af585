import type { Json } from '../../core/json.ts';
import type {
  CellValue,
  ColumnType,
  TableBatch,
  WarehouseDialect,
} from '../../core/warehouse-engine.ts';
import { type Fitted, fitValue, type Leaf, typeOf } from '../values/fit-value.ts';
import { Overflow, overflowColumn } from '../values/overflow.ts';
import type { MisfitReason, Misfits } from './misfits.ts';
import { shapeOf, type TableColumn, type TableColumns } from './table-columns.ts';

export interface RowBuilderOptions {
  readonly columns: TableColumns;
  readonly misfits: Misfits;
  /** As `WarehouseDialect.rowBytes`. */
  readonly rowBytes: number | undefined;
  /** As `WarehouseDialect.years`. */
  readonly years: WarehouseDialect['years'];
  /** Whether the table has `loaded_at`. */
  readonly hasLoadedAt: boolean;
  /** False: selective sync leaves the column out. */
  wants(column: string): boolean;
}

/**
 * The rows of one table in one unit: `begin`, then its values, then `end`. A value that fits no column of its own goes to the
 * overflow of its row, and is counted.
 */
export class RowBuilder {
  readonly columns: TableColumns;
  readonly #options: RowBuilderOptions;
  readonly #wanted = new Map<string, boolean>();
  #rows: CellValue[][] = [];
  #ids = new Set<string>();
  #row: CellValue[] = [];
  #overflow: Overflow | undefined;
  #bytes = 0;

  constructor(options: RowBuilderOptions) {
    this.#options = options;
    this.columns = options.columns;
  }

  get hasLoadedAt(): boolean {
    return this.#options.hasLoadedAt;
  }

  /** False when a row of this id is there already: an event that came twice. */
  begin(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    this.#row = [];
    this.#bytes = 0;
    return true;
  }

  /** A value of a column that the table always has, of its type. */
  set(column: TableColumn, value: CellValue): void {
    if (value === null) return;
    this.#store(column, value);
  }

  /** A value of the event, for the column of its name; `path` is where it stands in the event. */
  put(name: string, path: readonly string[], value: Leaf): void {
    this.#put(name, undefined, path, value);
  }

  /** As `put`, of a column that has a type whatever the values look like. */
  putAs(type: ColumnType, name: string, path: readonly string[], value: Leaf): void {
    this.#put(name, type, path, value);
  }
  /** What has no column by design, such as what Segment's schema does not know. Not counted as a misfit. */
  keep(path: readonly string[], value: Json): void {
    this.#overflow ??= new Overflow();
    this.#overflow.put(path, value);
  }

  end(): void {
    const text = this.#overflow?.text() ?? null;
    this.#overflow = undefined;
    if (text !== null) this.#store(this.columns.own(overflowColumn, 'json'), text);
    this.#rows.push(this.#row);
  }

  /** The rows so far; it begins anew. Undefined when there are none. */
  take(): TableBatch | undefined {
    const rows = this.#rows;
    this.#rows = [];
    this.#ids = new Set();
    if (rows.length === 0) return undefined;
    const columns = this.columns.all.map(shapeOf);
    return { table: this.columns.name, merge: 'append', columns, rows };
  }

  #put(name: string, type: ColumnType | undefined, path: readonly string[], value: Leaf): void {
    if (!this.#isWanted(name)) return;
    const reason = this.#place(name, type, value);
    if (reason === undefined) return;
    this.keep(path, value);
    this.#options.misfits.add(this.columns.name.name, name, reason);
  }

  /** Stores it; says why it, or its end, could not be. */
  #place(name: string, type: ColumnType | undefined, value: Leaf): MisfitReason | undefined {
    const column = this.columns.get(name) ?? this.columns.add(name, type ?? typeOf(value));
    if (column === undefined) return 'columns';
    const present = this.#row[column.index] ?? null;
    const fitted = this.#fit(column, value);
    if (present !== null) {
      return fitted?.isWhole === true && fitted.cell === present ? undefined : 'taken';
    }
    if (fitted === undefined) return 'type';
    const { rowBytes } = this.#options;
    if (rowBytes !== undefined && this.#bytes + bytesOf(column.type, fitted.cell) > rowBytes) {
      return 'row';
    }
    this.#store(column, fitted.cell);
    return fitted.isWhole ? undefined : 'length';
  }

  #fit(column: TableColumn, value: Leaf): Fitted | undefined {
    const fitted = fitValue(column.type, value);
    if (fitted !== undefined && this.#isInYears(column.type, fitted.cell)) return fitted;
    const wanted = typeOf(value);
    return this.columns.widen(column, wanted) ? fitValue(wanted, value) : undefined;
  }

  #isInYears(type: ColumnType, cell: CellValue): boolean {
    const { years } = this.#options;
    if (years === undefined || type !== 'timestamp') return true;
    const year = Number(String(cell).slice(0, 4));
    return year >= years[0] && year <= years[1];
  }

  #store(column: TableColumn, value: CellValue): void {
    const row = this.#row;
    while (row.length < column.index) row.push(null);
    row[column.index] = value;
    this.#bytes += bytesOf(column.type, value);
  }

  #isWanted(name: string): boolean {
    const known = this.#wanted.get(name);
    if (known !== undefined) return known;
    const wanted = this.#options.wants(name);
    this.#wanted.set(name, wanted);
    return wanted;
  }
}

/** What a value takes in the row itself; a longer text is stored apart, and its pointer takes 18 bytes. */
function bytesOf(type: ColumnType, value: CellValue): number {
  if (type === 'boolean') return 1;
  return typeof value === 'string' && type !== 'timestamp' ? Math.min(3 * value.length + 4, 20) : 8;
}
