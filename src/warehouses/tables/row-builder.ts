import type { Json } from '../../core/json.ts';
import type {
  CellValue,
  ColumnShape,
  ColumnType,
  LineFormat,
  TableBatch,
  WarehouseDialect,
} from '../../core/warehouse-engine.ts';
import { type Fitted, fitValue, isPlainText, type Leaf, typeOf } from '../values/fit-value.ts';
import type { Place } from '../values/leaves.ts';
import { Overflow, overflowColumn } from '../values/overflow.ts';
import { LineRows } from './line-rows.ts';
import type { MisfitReason, Misfits } from './misfits.ts';
import { shapeOf, type TableColumn, type TableColumns } from './table-columns.ts';

export interface RowBuilderOptions {
  readonly columns: TableColumns;
  readonly misfits: Misfits;
  /** As `WarehouseDialect.rowBytes`. */
  readonly rowBytes: number | undefined;
  /** As `WarehouseDialect.years`. */
  readonly years: WarehouseDialect['years'];
  /** As `WarehouseDialect.lines`. */
  readonly lines: LineFormat | undefined;
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
  /** Columns of values that have come before. */
  readonly #ofPlace = new Map<Place, TableColumn>();
  readonly #lines: LineRows | undefined;
  #always: readonly TableColumn[] | undefined;
  #rows: CellValue[][] = [];
  #ids = new Set<string>();
  #oldest: CellValue | undefined;
  #row: CellValue[] = [];
  #overflow: Overflow | undefined;
  #bytes = 0;

  constructor(options: RowBuilderOptions) {
    this.#options = options;
    this.columns = options.columns;
    this.#lines = options.lines && new LineRows(options.lines);
  }

  get hasLoadedAt(): boolean {
    return this.#options.hasLoadedAt;
  }

  /** False when a row of this id is there already: an event that came twice. */
  begin(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    // As a line nothing of the row itself is kept.
    if (this.#lines === undefined) this.#row = [];
    else this.#row.fill(null);
    this.#bytes = 0;
    return true;
  }

  /** A value of a column that the table always has, of its type. */
  set(column: TableColumn, value: CellValue): void {
    if (value === null) return;
    this.#store(column, value);
  }

  /** Values of columns that the table always has: `columns` are always the same. */
  setAll(columns: readonly ColumnShape[], cells: readonly CellValue[]): void {
    this.#always ??= columns.map(({ name, type }) => this.columns.own(name, type));
    for (const [index, column] of this.#always.entries()) this.set(column, cells[index] ?? null);
  }

  /** A value of the event, for the column of its place; `type`: of the column, whatever the value looks like. */
  put(place: Place, value: Leaf, type?: ColumnType): void {
    const known = this.#ofPlace.get(place);
    if (known !== undefined && this.#storePlain(known, value)) return;
    this.#put(place.column, type, place.path, value);
    const column = this.columns.get(place.column);
    if (known !== undefined || column === undefined || !this.#isWanted(place.column)) return;
    if (this.#ofPlace.size >= placesHeld) this.#ofPlace.clear();
    this.#ofPlace.set(place, column);
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
    if (this.#lines === undefined) this.#rows.push(this.#row);
    else {
      this.#lines.add(this.#row, this.columns.all.length);
      this.#oldest = earlier(this.#oldest, this.#row[this.#receipt()] ?? null);
    }
  }

  /** The rows so far; it begins anew. Undefined when there are none. */
  take(): TableBatch | undefined {
    const [rows, ids] = [this.#rows, [...this.#ids]];
    this.#rows = [];
    this.#ids = new Set();
    const since = this.#oldest;
    this.#oldest = undefined;
    if (ids.length === 0) return undefined;
    const columns = this.columns.all.map(shapeOf);
    const bytes = this.#lines?.take(columns.length);
    return {
      ...{ table: this.columns.name, merge: 'append', columns, rows },
      ...(bytes !== undefined && {
        lines: { bytes, ids, ...(typeof since === 'string' && { since }) },
      }),
    };
  }

  #put(name: string, type: ColumnType | undefined, path: readonly string[], value: Leaf): void {
    if (!this.#isWanted(name)) return;
    const reason = this.#place(name, type, value);
    if (reason === undefined) return;
    this.keep(path, value);
    this.#options.misfits.add(this.columns.name.name, name, reason);
  }

  /** Stores what nearly every value is; false: nothing was stored. */
  #storePlain(column: TableColumn, value: Leaf): boolean {
    if ((this.#row[column.index] ?? null) !== null) return false;
    if (typeof value === 'object' || !isPlain(column.type, value)) return false;
    const { rowBytes } = this.#options;
    if (rowBytes !== undefined && this.#bytes + bytesOf(column.type, value) > rowBytes)
      return false;
    this.#store(column, value);
    return true;
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

  /** The place of the moment of receipt in a row. */
  #receipt(): number {
    return this.columns.get('received_at')?.index ?? -1;
  }

  #isWanted(name: string): boolean {
    const known = this.#wanted.get(name);
    if (known !== undefined) return known;
    const wanted = this.#options.wants(name);
    this.#wanted.set(name, wanted);
    return wanted;
  }
}

/** Of moments as texts; null, which a row without one has, stays. */
function earlier(one: CellValue | undefined, other: CellValue): CellValue {
  if (one === undefined || one === null || other === null) return one === undefined ? other : null;
  return one < other ? one : other;
}

const placesHeld = 4_096;

/** Whether a value is of the column's type as it is. */
function isPlain(type: ColumnType, value: string | number | boolean): boolean {
  if (typeof value === 'string') return type === 'text' && isPlainText(value);
  if (typeof value === 'boolean') return type === 'boolean';
  return type === 'integer'
    ? Number.isSafeInteger(value)
    : type === 'float' && Number.isFinite(value);
}

/** What a value takes in the row itself; a longer text is stored apart, and its pointer takes 18 bytes. */
function bytesOf(type: ColumnType, value: CellValue): number {
  if (type === 'boolean') return 1;
  return typeof value === 'string' && type !== 'timestamp' ? Math.min(3 * value.length + 4, 20) : 8;
}
