import { rmSync } from 'node:fs';
import { TributaryError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits.ts';
import type { Logger } from '../../../core/logger.ts';
import type { ObjectStore } from '../../../core/object-store.ts';
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
import { literal, quoted, quotedColumns } from '../sql/names.ts';
import { assertAt } from '../sql/own-tables.ts';
import { readCell } from '../sql/read-cell.ts';
import { rowsOfUsers, type UserWords } from '../sql/rows-of-users.ts';
import { takeRows } from '../sql/take-rows.ts';
import { mergedRows, mergesOf } from './compact-lake.ts';
import type { LakeDatabase } from './lake-database.ts';
import type { LakeManifest } from './lake-manifest.ts';
import { orderColumn, readFiles, tableQuery } from './lake-sql.ts';
import { cursorKey, type LakeFile, tableKey, widest } from './lake-state.ts';
import { LakeWriter } from './lake-writer.ts';
import type { LocalFiles } from './local-files.ts';
import { readLake } from './read-lake.ts';
import { StagedRows } from './staged-rows.ts';

/** Of rows that do not say when they were received. */
const noDay = '1970-01-01';

export interface LakeParts {
  readonly store: ObjectStore;
  readonly manifest: LakeManifest;
  readonly database: LakeDatabase;
  readonly files: LocalFiles;
  readonly tempFolder: string;
  readonly logger: Logger;
}

/**
 * An open lake. A unit is brought in by one commit of the manifest (`lake-manifest.ts`): its files, its tables and columns, its cursor.
 * Loads and queries take turns, because a load may remove files that a query reads.
 *
 * Rows whose id is there are left out. In a folder all files of the days in question are looked at, from a week before on;
 * in a bucket only those that other streams have written on the same days, which is what a back-fill and a replay need.
 */
export class ParquetLake implements Warehouse {
  readonly #parts: LakeParts;
  readonly #staged: StagedRows;
  readonly #writer: LakeWriter;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: LakeParts) {
    this.#parts = parts;
    this.#staged = new StagedRows(parts.tempFolder);
    this.#writer = new LakeWriter(parts.database, parts.store, parts.manifest, parts.tempFolder);
  }

  async schemas(): Promise<ReadonlyMap<string, string>> {
    return new Map(this.#state.sources);
  }

  async cursors(warehouse: string): Promise<readonly StoredCursor[]> {
    return [...this.#state.cursors.values()]
      .filter((cursor) => cursor.warehouse === warehouse)
      .map(({ stream, partition, position, stamp }) => ({ stream, partition, position, stamp }));
  }

  async tables(schema: string): Promise<readonly TableShape[]> {
    return [...this.#state.tables.values()].filter((table) => table.schema === schema);
  }

  rows(
    table: TableName,
    columns: readonly ColumnShape[],
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly CellValue[]>> {
    return this.#inTurn(async () => {
      const files = this.#state.filesOf(table);
      const shape = this.#state.tables.get(tableKey(table));
      if (shape === undefined || files.length === 0 || ids.length === 0) return new Map();
      await this.#parts.database.allowColumns(shape.columns.length);
      const cells = columns.map(({ name, type }) => {
        const cell = `t.${quoted(name)}`;
        return type === 'timestamp'
          ? `strftime(${cell}, '%Y-%m-%dT%H:%M:%S.%fZ')`
          : `cast(${cell} as varchar)`;
      });
      const all = tableQuery(shape, await this.#parts.files.paths(files), isLatest(files));
      const chosen = this.#ids(ids);
      const found = await this.#parts.database.select(
        `select ${['t.id', ...cells].join(', ')} from (${all}) t where t.id in (select id from ${chosen})`,
      );
      return new Map(
        found.map(([id, ...values]) => [
          String(id),
          columns.map(({ type }, index) => {
            const value = values[index];
            return readCell(type, type === 'boolean' && value !== null ? value === 'true' : value);
          }),
        ]),
      );
    });
  }

  load(unit: LoadUnit): Promise<readonly LoadedRows[]> {
    return this.#inTurn(async () => {
      const { manifest } = this.#parts;
      const own = this.#state.cursors.get(cursorKey(unit));
      if (this.#state.units.get(cursorKey(unit)) === unit.id) return [];
      assertAt(own === undefined ? [] : [own], unit);
      this.#writer.reset();
      const loaded: LoadedRows[] = [];
      for (const batch of unit.tables) {
        loaded.push({ table: batch.table, rows: await this.#write(batch, unit.stream) });
      }
      const { stream, partition, warehouse, to } = unit;
      await manifest.commit({
        unit: unit.id,
        sources: unit.schemas,
        create: unit.changes.create,
        addColumns: unit.changes.add,
        add: await this.#writer.place(),
        cursor: { warehouse, stream, partition, ...to },
      });
      await this.#compact();
      return loaded;
    });
  }

  forget(warehouse: string, stream: string): Promise<void> {
    return this.#inTurn(() => this.#parts.manifest.commit({ forget: { warehouse, stream } }));
  }

  query(sql: string, options: QueryOptions): Promise<QueryResult> {
    return this.#inTurn(() => takeRows(readLake(this.#parts, sql, options), options));
  }

  async *read(sql: string, options: ReadOptions): AsyncGenerator<QueryPage> {
    const { promise: done, resolve: end } = Promise.withResolvers<void>();
    const turn = this.#turn;
    this.#turn = turn.then(() => done);
    await turn;
    try {
      yield* readLake(this.#parts, sql, options);
    } finally {
      end();
    }
  }

  deleteUsers(
    schema: string,
    ids: readonly string[],
    options: DeleteOptions = {},
  ): Promise<number> {
    return this.#inTurn(async () => {
      const { database, files, manifest } = this.#parts;
      const tables = await this.tables(schema);
      await database.allowColumns(widest(tables));
      this.#writer.reset();
      await database.run(`create or replace temp table gone as select id from ${this.#ids(ids)}`);
      const removed: string[] = [];
      let deleted = 0;
      for (const table of tables) {
        for (const file of this.#state.filesOf(table)) {
          const rows = readFiles(await files.paths([file]));
          const described = await database.select(
            `select column_name from (describe select * from ${rows})`,
          );
          const has = new Set(described.flat());
          const columns = table.columns.filter(({ name }) => has.has(name));
          const of = rowsOfUsers({ ...table, columns }, options, userWords);
          if (of === undefined) continue;
          const [[count] = []] = await database.select(`select count(*) from ${rows} where ${of}`);
          if (Number(count) === 0) continue;
          const { day, streams } = file;
          const query = `select * from ${rows} where (${of}) is not true`;
          await this.#writer.write({ table, day, streams, query });
          removed.push(file.key);
          deleted += Number(count);
        }
      }
      if (removed.length > 0) {
        await manifest.commit({ add: await this.#writer.place(), remove: removed });
      }
      return deleted;
    });
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      const { database, files, store, tempFolder } = this.#parts;
      database.close();
      this.#staged.remove();
      rmSync(tempFolder, { recursive: true, force: true });
      await files.close();
      await store.close();
    });
  }

  get #state() {
    return this.#parts.manifest.state;
  }

  /** One at a time; a failure is that of its caller alone. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #ids(ids: readonly string[]): string {
    return this.#staged.source(
      ids.map((id) => [id]),
      [{ name: 'id', type: 'text' }],
    );
  }

  /** The files of a batch, a day each. Resolves with the rows that are new. */
  async #write({ table, merge, columns, rows }: TableBatch, stream: string): Promise<number> {
    await this.#parts.database.allowColumns(columns.length);
    const names = quotedColumns(columns);
    const streams = [stream];
    if (merge === 'replace') {
      const order = `${this.#state.seq + 1}::BIGINT as ${quoted(orderColumn)}`;
      const query = `select ${names}, ${order} from ${this.#staged.source(rows, columns)}`;
      return this.#writer.write({ table, day: '', streams, query });
    }
    // By time, so that the files can be searched by it. Not by DuckDB: it would hold a block of each column for that.
    const at = columns.findIndex(({ name }) => name === 'received_at');
    const timeOf = (row: readonly CellValue[]) => String((at < 0 ? null : row[at]) ?? noDay);
    const sorted = rows.toSorted((one, other) => (timeOf(one) < timeOf(other) ? -1 : 1));
    const days = Map.groupBy(sorted, (row) => timeOf(row).slice(0, 10));
    const known = await this.#known(table, [...days.keys()], stream, rows);
    let written = 0;
    for (const [day, all] of days) {
      const fresh = known.size === 0 ? all : all.filter(([id]) => !known.has(id));
      if (fresh.length === 0) continue;
      const query = `select ${names} from ${this.#staged.source(fresh, columns)}`;
      written += await this.#writer.write({ table, day, streams, query });
    }
    return written;
  }

  /** The ids of these rows that the table has. */
  async #known(
    table: TableName,
    days: readonly string[],
    stream: string,
    rows: TableBatch['rows'],
  ): Promise<ReadonlySet<unknown>> {
    const { files, database } = this.#parts;
    const [first = noDay] = days;
    const last = days.at(-1) ?? noDay;
    const weekBefore = new Date(Date.parse(first) - limits.warehouseDedupeMs)
      .toISOString()
      .slice(0, 10);
    const there = this.#state
      .filesOf(table)
      .filter((file) =>
        files.areHere
          ? file.day >= weekBefore && file.day <= last
          : days.includes(file.day) && file.streams.some((one) => one !== stream),
      );
    if (there.length === 0) return new Set();
    const known = `select id from ${readFiles(await files.paths(there))}`;
    const asked = this.#ids(rows.map(([id]) => String(id)));
    const found = await database.select(`select id from ${asked} where id in (${known})`);
    return new Set(found.map(([id]) => id));
  }

  /** What cannot be merged stays as it is, and is tried again behind the next load. */
  async #compact(): Promise<void> {
    for (const group of mergesOf(this.#state)) {
      try {
        await this.#mergeFiles(group);
      } catch (error) {
        if (!(error instanceof TributaryError) || error.code !== 'warehouse_failed') throw error;
        this.#parts.logger.warn({ err: error }, 'small files of the lake were not merged');
        return;
      }
    }
  }

  async #mergeFiles(group: readonly LakeFile[]): Promise<void> {
    const { files, manifest, database } = this.#parts;
    const [{ schema, table: name, day } = noFile] = group;
    const shape = this.#state.tables.get(tableKey({ schema, name }));
    await database.allowColumns(2 * (shape?.columns.length ?? 0));
    const streams = [...new Set(group.flatMap((file) => file.streams))];
    const query = mergedRows(await files.paths(group), { day });
    this.#writer.reset();
    await this.#writer.write({ table: { schema, name }, day, streams, query });
    await manifest.commit({
      add: await this.#writer.place(),
      remove: group.map(({ key }) => key),
    });
  }
}

const noFile = { schema: '', table: '', day: '' };

/** Whether the files are those of a table that holds a latest state. */
function isLatest(files: readonly LakeFile[]): boolean {
  return files.some(({ day }) => day === '');
}

/** Of users whose ids are in the table `gone`. */
const userWords: UserWords = {
  isOne: (column) => `${quoted(column)} in (select id from gone)`,
  isBefore: (column, moment) => `${quoted(column)} < ${literal(moment)}::timestamptz`,
};
