import type { Event } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import type { StoredObject } from '../../core/objects.ts';
import type {
  SchemaChanges,
  TableBatch,
  TableShape,
  Warehouse,
  WarehouseDialect,
} from '../../core/warehouse-engine.ts';
import { Identifiers } from '../naming/identifiers.ts';
import type { Selection } from '../selection.ts';
import { Places } from '../values/leaves.ts';
import { storedId } from '../values/stored-id.ts';
import { eventTables } from './event-columns.ts';
import { addEventRow, bodyOf, stampsOf } from './event-rows.ts';
import { LatestRows, type LatestValue, type Said } from './latest-rows.ts';
import type { Misfits } from './misfits.ts';
import { RowBuilder } from './row-builder.ts';
import { TableColumns } from './table-columns.ts';
import { TableNames } from './table-names.ts';

export interface SourceTablesOptions {
  readonly schema: string;
  readonly dialect: WarehouseDialect;
  /** The tables that the schema has. */
  readonly shapes: readonly TableShape[];
  readonly misfits: Misfits;
  readonly selection: Selection;
}

/** What a unit brings to the tables of a source. */
export interface SourceUnit {
  readonly changes: SchemaChanges;
  readonly tables: readonly TableBatch[];
}

/** The tables of one source: takes its events one by one, and gives the rows and changes of a unit. */
export class SourceTables {
  readonly #options: SourceTablesOptions;
  readonly #places: Places;
  readonly #names: TableNames;
  readonly #shapes: ReadonlyMap<string, TableShape>;
  readonly #rows = new Map<string, RowBuilder>();
  readonly #touched = new Set<RowBuilder>();
  readonly #states = new Map<string, LatestRows>();

  constructor(options: SourceTablesOptions) {
    const identifiers = new Identifiers(options.dialect);
    this.#options = options;
    this.#places = new Places(identifiers);
    this.#names = new TableNames(identifiers, options.shapes);
    this.#shapes = new Map(options.shapes.map((shape) => [shape.name, shape]));
  }

  /** False when selective sync leaves it out, or a row of its id is in the unit already. `now`: the moment of the load, ISO 8601. */
  addEvent(event: Event, now: string): boolean {
    const { selection } = this.#options;
    const { table } = eventTables[event.type];
    const name = event.type === 'track' ? event['event'] : undefined;
    const ownTable = typeof name === 'string' ? this.#names.ofEvent(name) : undefined;
    const isRefused = typeof name === 'string' && ownTable === undefined;
    const stamps = stampsOf(event, now);
    let isAdded = false;
    if (selection.takesTable(table)) {
      const body = name === undefined ? 'columns' : isRefused ? 'overflow' : 'elsewhere';
      isAdded = addEventRow(this.#rowsOf(table), this.#places, { event, stamps, ownTable, body });
      if (isRefused && isAdded) {
        const shown = name.slice(0, limits.warehouseTextLength);
        this.#options.misfits.add(table, shown, 'tables');
      }
    }
    if (ownTable !== undefined && selection.takesTable(ownTable)) {
      const rows = this.#rowsOf(ownTable);
      const body = 'columns';
      isAdded = addEventRow(rows, this.#places, { event, stamps, ownTable, body }) || isAdded;
    }
    if (event.type === 'identify') this.#addState('users', event.userId, event);
    if (event.type === 'group') this.#addState('accounts', event['groupId'], event);
    return isAdded;
  }

  addObject({ collection, id, properties, receivedAt }: StoredObject): boolean {
    const table = this.#names.ofCollection(collection);
    if (table === undefined || !this.#options.selection.takesTable(table)) return false;
    const received = Date.parse(receivedAt);
    const values = this.#valuesOf(properties, 'properties', id);
    this.#stateOf(table).add(storedId(id), { said: [received, received], receivedAt, values });
    return true;
  }

  /** Tables of events that have rows for the next unit. */
  get touched(): number {
    return this.#touched.size;
  }

  /** What came since the last unit. `warehouse` is asked for the rows that hold the latest state. */
  async take(warehouse: Warehouse, now: string): Promise<SourceUnit> {
    const taken: { readonly columns: TableColumns; readonly batch: TableBatch }[] = [];
    for (const { columns, batch } of [...this.#touched].map(takeRows)) {
      if (batch !== undefined) taken.push({ columns, batch });
    }
    this.#touched.clear();
    for (const state of this.#states.values()) {
      const batch = await state.take(warehouse, now);
      if (batch !== undefined) taken.push({ columns: state.columns, batch });
    }
    const changes = taken.map(({ columns }) => columns.takeChanges());
    return {
      changes: {
        create: changes.flatMap(({ create }) => create),
        add: changes.flatMap(({ add }) => add),
        widen: changes.flatMap(({ widen }) => widen),
      },
      tables: taken.map(({ batch }) => batch),
    };
  }

  #addState(table: string, id: unknown, event: Event): void {
    if (typeof id !== 'string' || id === '' || !this.#options.selection.takesTable(table)) return;
    const said: Said = [Date.parse(event.timestamp), Date.parse(event.receivedAt)];
    const values = [
      ...this.#valuesOf(event.context, 'context', id),
      ...this.#valuesOf(bodyOf(event), 'traits', id),
    ];
    this.#stateOf(table).add(storedId(id), { said, receivedAt: event.receivedAt, values });
  }

  #valuesOf(object: JsonObject, key: string, id: string): LatestValue[] {
    const values: LatestValue[] = [];
    this.#places.each(object, this.#places.top(key), ({ column, path }, value) => {
      // The id once more.
      if (column === 'id' && value === id) return;
      values.push({ column, path, value });
    });
    return values;
  }

  #rowsOf(table: string): RowBuilder {
    const known = this.#rows.get(table);
    if (known !== undefined) {
      this.#touched.add(known);
      return known;
    }
    const { dialect } = this.#options;
    const rows = new RowBuilder({
      ...this.#ofTable(table),
      rowBytes: dialect.rowBytes,
      years: dialect.years,
      lines: dialect.lines,
      hasLoadedAt: dialect.hasLoadedAt === true,
    });
    this.#rows.set(table, rows);
    this.#touched.add(rows);
    return rows;
  }

  #stateOf(table: string): LatestRows {
    const known = this.#states.get(table);
    if (known !== undefined) return known;
    const rows = new LatestRows(this.#ofTable(table));
    this.#states.set(table, rows);
    return rows;
  }

  #ofTable(name: string) {
    const { schema, dialect, misfits, selection } = this.#options;
    return {
      columns: new TableColumns({ schema, name }, this.#shapes.get(name), dialect),
      misfits,
      wants: (column: string) => selection.takesColumn(name, column),
    };
  }
}

function takeRows(rows: RowBuilder) {
  return { columns: rows.columns, batch: rows.take() };
}
