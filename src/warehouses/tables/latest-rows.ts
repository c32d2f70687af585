import type { CellValue, TableBatch, Warehouse } from '../../core/warehouse-engine.ts';
import { fitValue, type Leaf, typeOf } from '../values/fit-value.ts';
import { Overflow, overflowColumn } from '../values/overflow.ts';
import type { MisfitReason, Misfits } from './misfits.ts';
import { shapeOf, type TableColumn, type TableColumns } from './table-columns.ts';

/**
 * Column of the times at which the values of a row were said: JSON, an object of column to `[event time, receipt]` in ms; `''`
 * has that of the newest event, and of every value that is not named.
 */
export const timesColumn = '_times';

/** When something was said: of the same event time the later received counts. */
export type Said = readonly [eventTime: number, receivedAt: number];

/** One value of an event for a row that holds the latest of each. */
export interface LatestValue {
  readonly column: string;
  readonly path: readonly string[];
  /** Null clears it. */
  readonly value: Leaf | null;
}

export interface Change {
  readonly said: Said;
  readonly receivedAt: string;
  readonly values: readonly LatestValue[];
}

export interface LatestRowsOptions {
  readonly columns: TableColumns;
  readonly misfits: Misfits;
  wants(column: string): boolean;
}

/**
 * The rows of a table that holds the latest state of each id: `users`, `accounts`, collections of objects. Values are
 * kept one by one by when they were said, so that the same comes of the same events in any order, and of those
 * that are loaded again.
 */
export class LatestRows {
  readonly columns: TableColumns;
  readonly #options: LatestRowsOptions;
  #changes = new Map<string, Change[]>();

  constructor(options: LatestRowsOptions) {
    this.#options = options;
    this.columns = options.columns;
  }

  add(id: string, change: Change): void {
    const known = this.#changes.get(id);
    if (known === undefined) this.#changes.set(id, [change]);
    else known.push(change);
  }

  /** Lays the changes over the rows that the warehouse has; those that stay as they are are left out. It begins anew. */
  async take(warehouse: Warehouse, now: string): Promise<TableBatch | undefined> {
    const changes = this.#changes;
    this.#changes = new Map();
    if (changes.size === 0) return undefined;
    const { columns } = this;
    columns.own('id', 'text');
    columns.own('received_at', 'timestamp');
    columns.own('uuid_ts', 'timestamp');
    // What is there now, without what the unit adds.
    const asked = columns.all.filter(({ isNew }) => !isNew).map(shapeOf);
    const stored = columns.isThere
      ? await warehouse.rows(columns.name, asked, [...changes.keys()])
      : new Map<string, readonly CellValue[]>();
    const rows: CellValue[][] = [];
    for (const [id, ofId] of changes) {
      const row = new LatestRow(this.#options, stored.get(id) ?? []);
      for (const change of ofId) row.apply(change);
      if (row.isChanged) rows.push(row.cells(id, now));
    }
    if (rows.length === 0) return undefined;
    return { table: columns.name, merge: 'replace', columns: columns.all.map(shapeOf), rows };
  }
}

class LatestRow {
  readonly #options: LatestRowsOptions;
  readonly #cells: CellValue[];
  readonly #overflow: Overflow;
  readonly #times: Map<string, Said>;
  readonly #before: string;
  #newest: Said | undefined;

  constructor(options: LatestRowsOptions, stored: readonly CellValue[]) {
    this.#options = options;
    this.#cells = [...stored];
    const { columns } = options;
    const textOf = (name: string) => {
      const value = stored[columns.get(name)?.index ?? -1];
      return typeof value === 'string' ? value : undefined;
    };
    const overflow = textOf(overflowColumn);
    this.#overflow = overflow === undefined ? new Overflow() : Overflow.read(overflow);
    const times = textOf(timesColumn);
    this.#times = new Map(times === undefined ? [] : readTimes(times));
    this.#newest = this.#times.get('');
    this.#before = this.#state();
  }

  apply({ said, receivedAt, values }: Change): void {
    const newest = this.#newest;
    const isNewest = newest === undefined || !isLater(newest, said);
    if (isNewest) {
      // What the event does not speak of keeps the time at which it was said.
      if (newest !== undefined) this.#keepTimes(newest, said);
      this.#newest = said;
      this.#times.set('', said);
      this.#setOwn('received_at', receivedAt);
    }
    const taken = new Set<string>();
    for (const value of values) this.#put(value, said, taken);
  }

  /** Whether there is more to store than there was. */
  get isChanged(): boolean {
    return this.#state() !== this.#before;
  }

  cells(id: string, now: string): CellValue[] {
    this.#setOwn('id', id);
    this.#setOwn('uuid_ts', now);
    const all = { ...Object.fromEntries(this.#named()), '': this.#newest ?? null };
    this.#setCell(this.#options.columns.own(timesColumn, 'json'), JSON.stringify(all));
    const { columns } = this.#options;
    const overflow = this.#overflow.text();
    const column =
      overflow === null ? columns.get(overflowColumn) : columns.own(overflowColumn, 'json');
    if (column !== undefined) this.#setCell(column, overflow);
    return this.#cells;
  }

  #put({ column: name, path, value }: LatestValue, said: Said, taken: Set<string>): void {
    const { columns, misfits, wants } = this.#options;
    if (!wants(name)) return;
    // Another value of the event has the column: this one is known by its path.
    const isTaken = taken.has(name) || isFixed(name);
    const key = isTaken ? path.join('\u0000') : name;
    taken.add(name);
    const before = this.#saidOf(key, name);
    if (before !== undefined && isLater(before, said)) return;
    this.#times.set(key, said);
    this.#overflow.remove(path);
    const reason = isTaken ? 'taken' : this.#place(name, value);
    if (reason === undefined || value === null) return;
    this.#overflow.put(path, value);
    misfits.add(columns.name.name, name, reason);
  }

  /** Stores it; says why it, or its end, could not be. */
  #place(name: string, value: Leaf | null): MisfitReason | undefined {
    const { columns } = this.#options;
    const known = columns.get(name);
    if (value === null) {
      if (known !== undefined) this.#setCell(known, null);
      return undefined;
    }
    const column = known ?? columns.add(name, typeOf(value));
    if (column === undefined) return 'columns';
    const fitted = fitValue(column.type, value) ?? this.#widened(column, value);
    this.#setCell(column, fitted?.cell ?? null);
    if (fitted === undefined) return 'type';
    return fitted.isWhole ? undefined : 'length';
  }

  #widened(column: TableColumn, value: Leaf) {
    const type = typeOf(value);
    return this.#options.columns.widen(column, type) ? fitValue(type, value) : undefined;
  }

  /** Undefined: it was never said. */
  #saidOf(key: string, name: string): Said | undefined {
    const own = this.#times.get(key);
    if (own !== undefined) return own;
    return this.#cellOf(name) === null ? undefined : this.#times.get('');
  }

  /** Names the time of all values that had that of the newest event until now. */
  #keepTimes(newest: Said, said: Said): void {
    if (isSame(newest, said)) return;
    for (const column of this.#options.columns.all) {
      if (isFixed(column.name) || (this.#cells[column.index] ?? null) === null) continue;
      if (!this.#times.has(column.name)) this.#times.set(column.name, newest);
    }
  }

  #setOwn(name: string, value: CellValue): void {
    const type = name === 'id' ? 'text' : 'timestamp';
    this.#setCell(this.#options.columns.own(name, type), value);
  }

  #setCell(column: TableColumn, value: CellValue): void {
    while (this.#cells.length < column.index) this.#cells.push(null);
    this.#cells[column.index] = value;
  }

  /** All that makes two states of the row different. */
  #state(): string {
    const { columns } = this.#options;
    const hidden = new Set(
      ['uuid_ts', timesColumn, overflowColumn].map((name) => columns.get(name)?.index),
    );
    const cells = this.#cells.map((cell, index) => (hidden.has(index) ? null : cell));
    while (cells.length > 0 && cells.at(-1) === null) cells.pop();
    return JSON.stringify([cells, this.#overflow.text(), this.#newest, this.#named().toSorted()]);
  }

  /** The times that are to be named: of the other values the column tells that they have that of the newest event. */
  #named(): [string, Said][] {
    return [...this.#times].filter(([name, said]) => {
      if (name === '') return false;
      return !isSame(said, this.#newest) || this.#cellOf(name) === null;
    });
  }

  #cellOf(name: string): CellValue {
    return this.#cells[this.#options.columns.get(name)?.index ?? -1] ?? null;
  }
}

const fixed = new Set(['id', 'received_at', 'uuid_ts', overflowColumn, timesColumn]);

/** Columns that no value of an event is for. */
function isFixed(name: string): boolean {
  return fixed.has(name);
}

function isLater(one: Said, other: Said): boolean {
  return one[0] > other[0] || (one[0] === other[0] && one[1] > other[1]);
}

function isSame(one: Said, other: Said | undefined): boolean {
  return other !== undefined && one[0] === other[0] && one[1] === other[1];
}

function readTimes(text: string): [string, Said][] {
  return Object.entries(JSON.parse(text) as Record<string, Said>);
}
