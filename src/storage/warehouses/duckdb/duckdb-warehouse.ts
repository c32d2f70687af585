import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { TributaryError } from '../../../core/errors.ts';
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
import { changeStatements, type NativeTypes } from '../sql/change-statements.ts';
import { encodeRows, quotedCsv } from '../sql/encode-rows.ts';
import { identityViews, usersByProfile } from '../sql/identity-views.ts';
import { literal, quoted, quotedColumns, quotedTable } from '../sql/names.ts';
import {
  assertAt,
  cursorsQuery,
  forgetStatement,
  readCursor,
  readSources,
  sourcesQuery,
  unitStatements,
} from '../sql/own-tables.ts';
import { readCell } from '../sql/read-cell.ts';
import { rowsOfUsers } from '../sql/rows-of-users.ts';
import { columnTypeOf, tableShapes } from '../sql/table-shapes.ts';
import { idsOf, oldestReceipt, partsOf } from './batch-parts.ts';
import { type EngineMemory, queryMemory } from './engine-memory.ts';
import { queryDuckdb, readDuckdb } from './query-duckdb.ts';

/** Moments are UTC. */
const types: NativeTypes = {
  boolean: 'BOOLEAN',
  integer: 'BIGINT',
  float: 'DOUBLE',
  timestamp: 'TIMESTAMP',
  text: 'VARCHAR',
  // A text: DuckDB's own type takes no lone surrogate.
  json: 'VARCHAR',
};

const dedupeDays = limits.warehouseDedupeMs / 86_400_000;
/** Of a line, and of a buffer for lines: no row is longer than four times the largest event. */
const largeBuffer = 4 * 1024 * 1024;
const smallBuffer = 1024 * 1024;
/** The file is opened anew after so many bytes of rows. */
const reopenAfterBytes = 48 * 1024 * 1024;

/** What an open file consists of. */
export interface OpenDuckdb {
  readonly instance: DuckDBInstance;
  /** For loads. */
  readonly connection: DuckDBConnection;
  /** For what is done beside a transaction of a load: bounds of memory, checkpoints. */
  readonly side: DuckDBConnection;
  readonly memory: EngineMemory;
  /** Its name for DuckDB. */
  readonly database: string;
  readonly tempFolder: string;
}

/**
 * An open file of DuckDB. Rows go through a file of CSV, which DuckDB reads in threads of its own while the next unit is
 * made. Tables have no index: which ids are there is looked up among the rows received from seven days before the oldest
 * of the batch on, so that events that are loaded again are found whatever their age.
 */
export class DuckdbWarehouse implements Warehouse {
  #instance: DuckDBInstance;
  #connection: DuckDBConnection;
  #side: DuckDBConnection;
  #memory: EngineMemory;
  readonly #database: string;
  readonly #file: string;
  readonly #reopen: () => Promise<OpenDuckdb>;
  #fileBytes = 0;
  #bytesLoaded = 0;
  #queries = 0;
  /** It is opened anew just now. */
  #opening: Promise<void> = Promise.resolve();

  constructor(
    { instance, connection, side, memory, database, tempFolder }: OpenDuckdb,
    reopen: () => Promise<OpenDuckdb>,
  ) {
    this.#reopen = reopen;
    this.#instance = instance;
    this.#connection = connection;
    this.#side = side;
    this.#memory = memory;
    this.#database = database;
    this.#file = join(tempFolder, 'rows.csv');
  }

  async schemas(): Promise<ReadonlyMap<string, string>> {
    return readSources(await this.#select(sourcesQuery));
  }

  async cursors(warehouse: string): Promise<readonly StoredCursor[]> {
    return (await this.#select(cursorsQuery(warehouse))).map(readCursor);
  }

  async tables(schema: string): Promise<readonly TableShape[]> {
    const rows = await this.#select(
      `select table_name, column_name, data_type from duckdb_columns()
       where database_name = current_database() and schema_name = ${literal(schema)} and table_name <> ${literal(usersByProfile)} order by table_oid, column_index`,
    );
    return tableShapes(schema, rows, columnTypeOf(types));
  }

  async rows(
    table: TableName,
    columns: readonly ColumnShape[],
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly CellValue[]>> {
    this.#writeIds(ids);
    const cells = columns.map(({ name, type }) => {
      const cell = `t.${quoted(name)}`;
      return type === 'timestamp'
        ? `strftime(${cell}, '%Y-%m-%dT%H:%M:%S.%fZ')`
        : `cast(${cell} as varchar)`;
    });
    const read = () =>
      this.#select(
        `select t.id, ${cells.join(', ')} from ${quotedTable(table)} t
       where t.id in (select id from ${this.#csv([{ name: 'id', type: 'text' }])})`,
      );
    const found = await this.#memory.sufficing(columns.length, read);
    return new Map(
      found.map(([id, ...values]) => [
        String(id),
        columns.map(({ type }, index) => {
          const value = values[index];
          return readCell(type, type === 'boolean' && value !== null ? value === 'true' : value);
        }),
      ]),
    );
  }

  async load(unit: LoadUnit): Promise<readonly LoadedRows[]> {
    const widest = Math.max(0, ...unit.tables.map(({ columns }) => columns.length));
    const loaded = await this.#memory.sufficing(widest, (rows) => this.#load(unit, rows));
    await this.#relieve();
    return loaded;
  }

  /** Puts at most so many rows at once into a table. */
  async #load(unit: LoadUnit, rowsAtOnce: number): Promise<readonly LoadedRows[]> {
    const loaded: LoadedRows[] = [];
    await this.#run('begin');
    try {
      assertAt(await this.cursors(unit.warehouse), unit);
      for (const statement of changeStatements(unit.changes, types, 'not null')) {
        await this.#run(statement);
      }
      const ask = (sql: string) => this.#select(sql);
      for (const statement of await identityViews(unit.changes, this, ask)) {
        await this.#run(statement);
      }
      const created = new Set(unit.changes.create.map(quotedTable));
      const old = unit.tables.filter(({ table }) => !created.has(quotedTable(table)));
      const known = await this.#known(old.filter(({ merge }) => merge === 'append'));
      for (const batch of unit.tables) {
        const ids = known.get(quotedTable(batch.table)) ?? [];
        let rows = 0;
        for (const part of partsOf(batch, rowsAtOnce)) rows += await this.#insert(part, ids);
        loaded.push({ table: batch.table, rows });
      }
      for (const statement of unitStatements(unit)) await this.#run(statement);
      await this.#run('commit');
    } catch (error) {
      await this.#rollBack();
      throw error;
    }
    return loaded;
  }

  async forget(warehouse: string, stream: string): Promise<void> {
    await this.#run(forgetStatement(warehouse, stream));
  }

  async query(sql: string, options: QueryOptions): Promise<QueryResult> {
    const release = await this.#beginQuery();
    try {
      const connection = await this.#connect();
      try {
        return await queryDuckdb(connection, sql, options);
      } finally {
        connection.closeSync();
      }
    } finally {
      await release();
    }
  }

  async *read(sql: string, options: ReadOptions): AsyncGenerator<QueryPage> {
    const release = await this.#beginQuery();
    try {
      const connection = await this.#connect();
      try {
        yield* readDuckdb(connection, sql, options);
      } finally {
        connection.closeSync();
      }
    } finally {
      await release();
    }
  }

  async deleteUsers(
    schema: string,
    ids: readonly string[],
    options: DeleteOptions = {},
  ): Promise<number> {
    this.#writeIds(ids);
    const chosen = `in (select id from ${this.#csv([{ name: 'id', type: 'text' }])})`;
    let deleted = 0;
    for (const table of await this.tables(schema)) {
      const rows = rowsOfUsers(table, options, {
        isOne: (column) => `${quoted(column)} ${chosen}`,
        isBefore: (column, moment) => `${quoted(column)} < ${literal(moment)}::timestamp`,
      });
      if (rows === undefined) continue;
      deleted += await this.#run(`delete from ${quotedTable(table)} where ${rows}`);
    }
    return deleted;
  }

  async close(): Promise<void> {
    // What another program finds is then one file, without a log beside it.
    await this.#memory.relieve();
    this.#connection.closeSync();
    this.#side.closeSync();
    this.#instance.closeSync();
    rmSync(this.#file, { force: true });
  }

  /** The ids of a unit that its tables have already, by table. */
  async #known(batches: readonly TableBatch[]): Promise<ReadonlyMap<string, readonly string[]>> {
    if (batches.length === 0) return new Map();
    this.#writeIds(batches.flatMap(idsOf));
    const file = this.#csv([{ name: 'id', type: 'text' }]);
    await this.#run(`create or replace temp table unit_ids as select distinct id from ${file}`);
    const known = new Map<string, string[]>();
    // One table after another: together they would hold the memory of all.
    for (const batch of batches) {
      const target = quotedTable(batch.table);
      const oldest = oldestReceipt(batch);
      const since =
        oldest === undefined
          ? ''
          : `received_at >= ${literal(oldest)}::timestamp - interval ${dedupeDays} day and`;
      const found = await this.#select(
        `select id from ${target} where ${since} id in (select id from temp.unit_ids)`,
      );
      known.set(
        target,
        found.map(([id]) => String(id)),
      );
    }
    return known;
  }

  /** Resolves with the rows that it brought. `known`: ids that are there and are left out. */
  async #insert(batch: TableBatch, known: readonly string[]): Promise<number> {
    const { table, merge, columns, rows, lines } = batch;
    this.#write(lines?.bytes ?? encodeRows(rows, columns.length, quotedCsv));
    const target = quotedTable(table);
    const names = quotedColumns(columns);
    const file = this.#csv(columns);
    if (merge === 'replace') {
      const ids = idsOf(batch).map(literal);
      await this.#run(`delete from ${target} where id in (${ids.join(', ')})`);
    }
    const others =
      known.length === 0 ? '' : ` where id not in (${known.map((id) => literal(id)).join(', ')})`;
    return this.#run(`insert into ${target} (${names}) select ${names} from ${file}${others}`);
  }

  /** What was committed is held in memory, a block a column, until it is written into the file. */
  async #relieve(): Promise<void> {
    const [[bytes] = []] = await this.#select(
      `select (memory_usage_bytes + temporary_storage_bytes)::bigint from duckdb_memory() where tag = 'IN_MEMORY_TABLE'`,
    );
    if (Number(bytes) < this.#memory.relieveAt) return;
    await this.#memory.relieve();
    if (this.#bytesLoaded < reopenAfterBytes || this.#queries > 0) return;
    this.#opening = this.#openAnew();
    await this.#opening;
  }

  /** What DuckDB knows of the row groups that it has written stays in memory until then. */
  async #openAnew(): Promise<void> {
    this.#connection.closeSync();
    this.#side.closeSync();
    this.#instance.closeSync();
    const { instance, connection, side, memory } = await this.#reopen();
    this.#instance = instance;
    this.#connection = connection;
    this.#side = side;
    this.#memory = memory;
    this.#bytesLoaded = 0;
  }

  async #beginQuery(): Promise<() => Promise<void>> {
    await this.#opening;
    this.#queries += 1;
    const release = await this.#memory.demand(queryMemory);
    return async () => {
      this.#queries -= 1;
      await release();
    };
  }

  async #connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect();
    await begin(connection, this.#database);
    return connection;
  }

  #writeIds(ids: readonly string[]): void {
    const rows = ids.map((id) => [id]);
    this.#write(encodeRows(rows, 1, quotedCsv));
  }

  #write(bytes: Iterable<Buffer>): void {
    const file = openSync(this.#file, 'w', 0o600);
    this.#fileBytes = 0;
    try {
      for (const part of bytes) this.#fileBytes += writeSync(file, part);
    } finally {
      closeSync(file);
    }
    this.#bytesLoaded += this.#fileBytes;
  }

  #csv(columns: readonly ColumnShape[]): string {
    const bytes = this.#fileBytes < smallBuffer ? smallBuffer : largeBuffer;
    const described = columns.map(({ name, type }) => `${literal(name)}: ${literal(types[type])}`);
    return `read_csv(${literal(this.#file)}, columns = {${described.join(', ')}}, auto_detect = false, header = false, delim = ',',
      quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\\n',
      max_line_size = ${bytes}, buffer_size = ${bytes})`;
  }

  async #select(sql: string): Promise<readonly (readonly unknown[])[]> {
    try {
      return await (await this.#connection.run(sql)).getRowsJson();
    } catch (cause) {
      throw failure(cause);
    }
  }

  /** Resolves with the rows that it changed. */
  async #run(sql: string): Promise<number> {
    try {
      return (await this.#connection.run(sql)).rowsChanged;
    } catch (cause) {
      throw failure(cause);
    }
  }

  async #rollBack(): Promise<void> {
    try {
      await this.#connection.run('rollback');
    } catch {
      // It is the first failure that counts; the transaction is gone with it.
    }
  }
}

/** Of each connection. */
export async function begin(connection: DuckDBConnection, database: string): Promise<void> {
  await connection.run(`use ${quoted(database)}`);
  await connection.run("set timezone = 'UTC'");
}

/** Writes what was committed into the file. While a query or a load is under way it may stay in the log beside it. */
export async function checkpoint(connection: DuckDBConnection): Promise<void> {
  try {
    await connection.run('checkpoint');
  } catch {
    // The next time tries again.
  }
}

export function failure(cause: unknown): TributaryError {
  const words = cause instanceof Error ? cause.message : String(cause);
  return new TributaryError('warehouse_failed', `DuckDB: ${words}`, { cause });
}
