import type { ClickHouseClient } from '@clickhouse/client';
import { limits } from '../../../core/limits.ts';
import type {
  CellValue,
  ColumnShape,
  DeleteOptions,
  LoadedRows,
  LoadUnit,
  QueryOptions,
  QueryPage,
  QueryResult,
  ReadOptions,
  StoredCursor,
  TableBatch,
  TableName,
  TableShape,
  Warehouse,
} from '../../../core/warehouse-engine.ts';
import { quoted, quotedTable } from '../sql/names.ts';
import { cursorMoved, isAt, readSources } from '../sql/own-tables.ts';
import { readCell } from '../sql/read-cell.ts';
import { rowsOfUsers } from '../sql/rows-of-users.ts';
import { tableShapes } from '../sql/table-shapes.ts';
import { clickhouseFailure } from './clickhouse-failure.ts';
import { changeStatements, clickhouseText, typeOfNative } from './clickhouse-sql.ts';
import { type CursorRow, ownTables } from './cursor-table.ts';
import { queryClickhouse, readClickhouse } from './query-clickhouse.ts';

/** Ids of one statement. */
const idsAtOnce = 10_000;

/** ClickHouse as a warehouse. How a unit is brought in exactly once: `cursor-table.ts`. */
export class ClickhouseWarehouse implements Warehouse {
  readonly #client: ClickHouseClient;
  readonly #own;

  constructor(client: ClickHouseClient, database: string) {
    this.#client = client;
    this.#own = ownTables(database);
  }

  /** Makes the loader's own tables. */
  async prepare(): Promise<void> {
    for (const statement of this.#own.statements) await this.#run(statement);
  }

  async schemas(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#select(
      `select source_id, schema_name from ${this.#own.sources} final`,
    );
    return readSources(rows);
  }

  async cursors(warehouse: string): Promise<readonly StoredCursor[]> {
    const rows = await this.#cursorRows(warehouse);
    // Of a stream of which nothing is known to be loaded, the ids tell what was.
    return rows
      .filter((row) => row.is_new === 0)
      .map((row) => ({
        ...{ stream: row.stream, partition: row.partition, position: row.position },
        stamp: { input: row.stamp_input, item: row.stamp_item },
        ...(row.pending !== null && { pending: row.pending }),
      }));
  }

  async tables(schema: string): Promise<readonly TableShape[]> {
    const rows = await this.#select(
      `select table, name, type from system.columns where database = ${clickhouseText(schema)}
       order by table, position`,
    );
    return tableShapes(schema, rows, (native) =>
      typeOfNative.get(native.replace(/^Nullable\((.*)\)$/, '$1')),
    );
  }

  async rows(
    table: TableName,
    columns: readonly ColumnShape[],
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly CellValue[]>> {
    const cells = columns.map(({ name, type }) =>
      type === 'timestamp'
        ? `formatDateTime(${quoted(name)}, '%Y-%m-%dT%H:%i:%S.%fZ')`
        : quoted(name),
    );
    const found = new Map<string, readonly CellValue[]>();
    for (const some of slices(ids)) {
      const rows = await this.#select(
        `select "id", ${cells.join(', ')} from ${quotedTable(table)} where "id" in (${some})`,
      );
      for (const [id, ...values] of rows) {
        const cell = ({ type }: ColumnShape, index: number) => readCell(type, values[index]);
        found.set(String(id), columns.map(cell));
      }
    }
    return found;
  }

  async load(unit: LoadUnit): Promise<readonly LoadedRows[]> {
    const row = (await this.#cursorRows(unit.warehouse)).find(
      ({ stream, partition }) => stream === unit.stream && partition === unit.partition,
    );
    this.#refuseOther(unit, row);
    await this.#insertCursor(unit, row, unit.to.position);
    for (const statement of changeStatements(unit)) await this.#run(statement);
    if (unit.schemas.length > 0) {
      await this.#insert(
        this.#own.sources,
        ['source_id', 'schema_name'],
        unit.schemas.map(({ sourceId, schema }) => [sourceId, schema]),
      );
    }
    const loaded: LoadedRows[] = [];
    for (const batch of unit.tables) {
      loaded.push({ table: batch.table, rows: await this.#load(batch, unit.id) });
    }
    await this.#insertCursor(unit, row, null);
    return loaded;
  }

  async forget(warehouse: string, stream: string): Promise<void> {
    for (const row of await this.#cursorRows(warehouse)) {
      if (row.stream !== stream) continue;
      await this.#insertRow({ ...row, version: row.version + 2, is_deleted: 1 });
    }
  }

  query(sql: string, options: QueryOptions): Promise<QueryResult> {
    return queryClickhouse(this.#client, sql, options);
  }

  read(sql: string, options: ReadOptions): AsyncIterable<QueryPage> {
    return readClickhouse(this.#client, sql, options);
  }

  async deleteUsers(
    schema: string,
    ids: readonly string[],
    options: DeleteOptions = {},
  ): Promise<number> {
    let deleted = 0;
    for (const table of await this.tables(schema)) {
      for (const some of slices(ids)) {
        const chosen = rowsOfUsers(table, options, {
          isOne: (column) => `${quoted(column)} in (${some})`,
          isBefore: (column, moment) =>
            `${quoted(column)} < parseDateTime64BestEffort('${moment}', 6, 'UTC')`,
        });
        if (chosen === undefined) continue;
        const [[count] = []] = await this.#select(
          `select count() from ${quotedTable(table)} where ${chosen}`,
        );
        if (Number(count) === 0) continue;
        deleted += Number(count);
        await this.#run(
          `alter table ${quotedTable(table)} delete where ${chosen} settings mutations_sync = 2`,
        );
      }
    }
    return deleted;
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  #refuseOther(unit: LoadUnit, row: CursorRow | undefined): void {
    const isNew = row === undefined || row.is_new === 1;
    const stored: readonly StoredCursor[] = isNew
      ? []
      : [
          {
            ...{ stream: row.stream, partition: row.partition, position: row.position },
            stamp: { input: row.stamp_input, item: row.stamp_item },
          },
        ];
    const ends = isNew ? unit.to.position : (row.pending ?? unit.to.position);
    if (isAt(stored, unit) && ends === unit.to.position) return;
    throw cursorMoved();
  }

  /** The rows of one table, in one insert. Resolves with how many were new. */
  async #load({ table, merge, columns, rows }: TableBatch, unit: string): Promise<number> {
    const known = merge === 'append' ? await this.#known(table, columns, rows) : new Set();
    const fresh = known.size === 0 ? rows : rows.filter(([id]) => !known.has(id));
    if (fresh.length === 0) return 0;
    const names = columns.map(({ name }) => name);
    const full = fresh.map((row) => columns.map((_, at) => row[at] ?? null));
    await this.#insert(quotedTable(table), names, full, `${unit}/${table.schema}.${table.name}`);
    return fresh.length;
  }

  /** The ids of a batch that the table has, looked for from a week before the oldest row on. */
  async #known(
    table: TableName,
    columns: readonly ColumnShape[],
    rows: TableBatch['rows'],
  ): Promise<ReadonlySet<unknown>> {
    const at = columns.findIndex(({ name }) => name === 'received_at');
    const times = at < 0 ? [] : rows.flatMap((row) => row[at] ?? []).map(String);
    const [oldest] = times.toSorted();
    const since =
      oldest === undefined
        ? ''
        : `and ("received_at" is null or "received_at" >= parseDateTime64BestEffort(${clickhouseText(weekBefore(oldest))}, 6))`;
    const known = new Set<unknown>();
    for (const some of slices(rows.map(([id]) => String(id)))) {
      const found = await this.#select(
        `select distinct "id" from ${quotedTable(table)} where "id" in (${some}) ${since}`,
      );
      for (const [id] of found) known.add(id);
    }
    return known;
  }

  async #cursorRows(warehouse: string): Promise<readonly CursorRow[]> {
    const answer = await this.#try(() =>
      this.#client.query({
        query: `select * from ${this.#own.cursors} final where warehouse = ${clickhouseText(warehouse)}`,
        format: 'JSONEachRow',
      }),
    );
    return await answer.json<CursorRow>();
  }

  /** `pending`: where the unit ends that begins at the cursor; null: the cursor is where the unit ends. */
  async #insertCursor(
    unit: LoadUnit,
    row: CursorRow | undefined,
    pending: number | null,
  ): Promise<void> {
    const { warehouse, stream, partition, from, to } = unit;
    const at = pending === null ? to : from;
    await this.#insertRow({
      ...{ warehouse, stream, partition, pending, is_deleted: 0 },
      position: at?.position ?? 0,
      stamp_input: at?.stamp.input ?? 0,
      stamp_item: at?.stamp.item ?? 0,
      is_new: at === undefined ? 1 : 0,
      version: (row?.version ?? 0) + (pending === null ? 2 : 1),
    });
  }

  #insertRow(row: CursorRow): Promise<void> {
    return this.#insert(this.#own.cursors, Object.keys(row), [Object.values(row)]);
  }

  async #insert(
    table: string,
    columns: readonly string[],
    values: readonly (readonly unknown[])[],
    token?: string,
  ): Promise<void> {
    const [first, ...others] = columns.map(quoted);
    await this.#try(() =>
      this.#client.insert({
        table,
        values: [...values],
        format: 'JSONCompactEachRow',
        ...(first !== undefined && { columns: [first, ...others] }),
        ...(token !== undefined && {
          clickhouse_settings: { insert_deduplication_token: token },
        }),
      }),
    );
  }

  /** Of tables that hold a latest state, the newest row of each id. */
  async #select(query: string): Promise<readonly (readonly unknown[])[]> {
    return await this.#try(async () => {
      const answer = await this.#client.query({
        query,
        format: 'JSONCompactEachRow',
        clickhouse_settings: { final: 1 },
      });
      return await answer.json<readonly unknown[]>();
    });
  }

  async #run(query: string): Promise<void> {
    await this.#try(() => this.#client.command({ query }));
  }

  async #try<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw clickhouseFailure(error);
    }
  }
}

function* slices(ids: readonly string[]): Generator<string> {
  for (let at = 0; at < ids.length; at += idsAtOnce) {
    yield ids
      .slice(at, at + idsAtOnce)
      .map(clickhouseText)
      .join(', ');
  }
}

function weekBefore(moment: string): string {
  return new Date(Date.parse(moment) - limits.warehouseDedupeMs).toISOString();
}
