import type { Offset } from './event-log.ts';
import type { JsonObject } from './json.ts';
import type { Logger } from './logger.ts';
import type { Stamp } from './records.ts';
import type { WarehouseTestResult } from './warehouse.ts';

/**
 * The seam between loading (`src/warehouses`) and the engines of warehouses (`storage/warehouses/*`). What a
 * table is, what its columns are called and what does not fit them is decided above it, alike for every engine;
 * an engine says what it can hold (`WarehouseDialect`), and makes a unit of rows and its cursor one.
 */

/** What a column holds. Only the overflow column of a row is `json`. */
export type ColumnType = 'boolean' | 'integer' | 'float' | 'timestamp' | 'text' | 'json';

/**
 * A value of a row, already of its column's type: an integer within 2^53; a finite float; a timestamp as ISO 8601 in UTC
 * with three to six digits of a second and `Z`, years 0001 to 9999; a text that is well-formed UTF-16 without U+0000;
 * JSON as its text (which may hold `\u0000` and lone surrogates as escapes).
 */
export type CellValue = string | number | boolean | null;

export interface ColumnShape {
  readonly name: string;
  readonly type: ColumnType;
}

/** Both parts are valid identifiers of the engine's dialect; engines quote them all the same. */
export interface TableName {
  /** Schema, data set or folder: one a source. */
  readonly schema: string;
  readonly name: string;
}

export interface TableShape extends TableName {
  /** In the order in which they came; the first is `id`. */
  readonly columns: readonly ColumnShape[];
}

/** How an engine takes rows in bulk: a line each, its values between delimiters. Pure. */
export interface LineFormat {
  readonly delimiter: string;
  /** What stands for null. */
  readonly empty: string;
  text(value: string): string;
}

/** What an engine can hold. Plain data: known without loading its driver. */
export interface WarehouseDialect {
  /** Bytes of an identifier in UTF-8. */
  readonly identifierBytes: number;
  /** Lower case. A name among them gets `_` in front (spec tracking-api §14.2). */
  readonly reserved: ReadonlySet<string>;
  /** Names of schemas that are the engine's own. They get `_` in front too. */
  readonly reservedSchemas: ReadonlySet<string>;
  /** Columns of a table at the most. */
  readonly columns: number;
  /** Bytes that the values of one row may take where they cannot be stored elsewhere; absent: no bound. */
  readonly rowBytes?: number;
  /** The first and the last year that a timestamp can be in, where they are not those of `CellValue`. */
  readonly years?: readonly [first: number, last: number];
  /** True: tables of events have `loaded_at` as well (spec tracking-api §14.1: BigQuery). */
  readonly hasLoadedAt?: true;
  /** Present: rows to append come as `TableBatch.lines`, written while the events are read. */
  readonly lines?: LineFormat;
  /** The types that a column of a type can become without its rows being written again. */
  readonly widens: Partial<Record<ColumnType, readonly ColumnType[]>>;
}

/**
 * `append`: a row whose id is in the table already, or earlier in the batch, is left out. `replace`: takes the place of the row
 * of its id, whole. In both the id is the column `id`, never null, and at most once in a batch.
 */
export type MergeMode = 'append' | 'replace';

/** Rows for one table. */
export interface TableBatch {
  readonly table: TableName;
  readonly merge: MergeMode;
  /** The columns of the batch: a part of the table's, with `id`; those that it lacks are null in all rows. */
  readonly columns: readonly ColumnShape[];
  /** Values in the order of `columns`; what a row lacks at its end is null. */
  readonly rows: readonly (readonly CellValue[])[];
  /** In place of `rows`, which is empty then: only of engines whose dialect has `lines`. */
  readonly lines?: RowLines;
}

/** Rows as lines in the format of the engine, each with a value for every column of the batch. */
export interface RowLines {
  readonly bytes: readonly Buffer[];
  /** Of the rows, in their order. */
  readonly ids: readonly string[];
  /** When the first of them was received; absent: a row does not say. */
  readonly since?: string;
}

/** What a unit changes of the tables. Repeating a change must do nothing: columns and tables that are there stay. */
export interface SchemaChanges {
  readonly create: readonly TableShape[];
  readonly add: readonly { readonly table: TableName; readonly columns: readonly ColumnShape[] }[];
  /** Only as `WarehouseDialect.widens` allows. */
  readonly widen: readonly { readonly table: TableName; readonly column: ColumnShape }[];
}

/** How far a stream of events has been loaded from one partition of `events`. */
export interface LoadCursor {
  /** Offset to read on from. */
  readonly position: Offset;
  /** The stamp last taken (core/records.ts): what is not above it is a repetition. */
  readonly stamp: Stamp;
}

export interface StoredCursor extends LoadCursor {
  readonly stream: string;
  readonly partition: number;
  /**
   * Where a unit ends that was begun from here and may be in the warehouse in part: the next unit must end there again,
   * and has then the same id. Only of engines that cannot commit rows and cursor as one.
   */
  readonly pending?: Offset;
}

/** What is loaded at once: all of it, with the cursor, or nothing. */
export interface LoadUnit {
  /** The same for the same range of the same stream: `<warehouse>/<stream>/<partition>/<from>-<to>`. */
  readonly id: string;
  /** Id of the warehouse in the configuration: several may share a database. */
  readonly warehouse: string;
  readonly stream: string;
  readonly partition: number;
  /** The cursor it begins at; undefined when the stream is new. */
  readonly from: LoadCursor | undefined;
  readonly to: LoadCursor;
  /** Schemas that sources get with this unit and keep: source id and name. */
  readonly schemas: readonly { readonly sourceId: string; readonly schema: string }[];
  readonly changes: SchemaChanges;
  readonly tables: readonly TableBatch[];
}

/** Rows that a unit brought: those that were left out, or were so already, not counted. */
export interface LoadedRows {
  readonly table: TableName;
  readonly rows: number;
}

export interface QueryOptions {
  /** Rows that are given at the most. */
  readonly rows: number;
  /** Rows that are passed over first. */
  readonly offset: number;
  readonly timeoutMs: number;
}

export interface ReadOptions {
  /** Until the last row has come. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Rows of a query, as they come. */
export interface QueryPage {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Values as JSON: numbers beyond 2^53 and moments are texts. */
  readonly rows: readonly (readonly JsonValue[])[];
}

export interface QueryResult extends QueryPage {
  /** There are more behind them. */
  readonly more: boolean;
}

type JsonValue = string | number | boolean | null;

/**
 * An open warehouse. One loader uses it, one call at a time; queries run beside it where the engine can. Everything
 * rejects with `warehouse_failed` and a sentence for its owner when the far end says no.
 */
export interface Warehouse {
  /** The schemas that were given to sources: source id and name. */
  schemas(): Promise<ReadonlyMap<string, string>>;
  cursors(warehouse: string): Promise<readonly StoredCursor[]>;
  /** The tables of a schema, with the columns that are ours to fill; columns of other types are left out. */
  tables(schema: string): Promise<readonly TableShape[]>;
  /** The rows of these ids that are there, by id, with the columns in the order asked for. */
  rows(
    table: TableName,
    columns: readonly ColumnShape[],
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly CellValue[]>>;
  /**
   * Brings a unit in, exactly once: with the cursor in one transaction, or under a manifest by which a repeated unit
   * is known. A process that dies in it leaves all or nothing, or a `pending` cursor. Rejects with `lease_lost`, and
   * changes nothing, when the stored cursor is not `from`: another loader is at work.
   */
  load(unit: LoadUnit): Promise<readonly LoadedRows[]>;
  /** Forgets the cursors of a stream that has ended. */
  forget(warehouse: string, stream: string): Promise<void>;
  /** Runs one statement that reads. Rejects with `input_validation` when it is another, or wrong. */
  query(sql: string, options: QueryOptions): Promise<QueryResult>;
  /** All rows of such a statement, as of one moment, in pages: memory is that of a page. Rejects as `query` does. */
  read(sql: string, options: ReadOptions): AsyncIterable<QueryPage>;
  /**
   * Deletes what the tables of a schema hold of end users: by `user_id`, `id` of `users` and `previous_id` of `aliases`. Resolves
   * with the rows deleted. To repeat it does nothing.
   */
  deleteUsers(schema: string, ids: readonly string[], options?: DeleteOptions): Promise<number>;
  close(): Promise<void>;
}

export interface DeleteOptions {
  /** The column that holds the ids. Absent: `user_id`. */
  readonly by?: 'user_id' | 'anonymous_id';
  /** ISO 8601: rows whose `received_at` is not before it stay, but for those of `users`, which hold older traits too. Absent: none does. */
  readonly before?: string;
}

export interface OpenWarehouseOptions {
  /** For relative paths. */
  readonly dataFolder: string;
  /** For what the engine puts on disk meanwhile; it exists, and is emptied before and after. */
  readonly tempFolder: string;
  readonly logger: Logger;
}

/** An engine as the loader knows it; its driver is loaded by `open` and `test`. */
export interface WarehouseEngine {
  /** Slug in the catalogue of warehouses. */
  readonly slug: string;
  readonly dialect: WarehouseDialect;
  /** A warehouse without a schedule is synced this often, ms. */
  syncEveryMs(settings: JsonObject): number;
  /** Settings with the defaults of the kind, secrets opened. */
  open(settings: JsonObject, options: OpenWarehouseOptions): Promise<Warehouse>;
  /** As `WarehouseTest`; absent: `src/warehouses/connection-test` knows the kind. */
  test?(
    settings: JsonObject,
    options: Pick<OpenWarehouseOptions, 'dataFolder'>,
  ): Promise<WarehouseTestResult>;
}

/**
 * Runs one statement that reads in a warehouse of the configuration, by its id. Rejects with `not_found`, `input_validation`,
 * `warehouse_failed` or `unavailable`.
 */
export type AskWarehouse = (
  warehouse: string,
  sql: string,
  options: QueryOptions,
) => Promise<QueryResult>;
