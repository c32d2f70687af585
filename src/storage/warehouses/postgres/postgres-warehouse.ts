import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Client, DatabaseError } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { TributaryError } from '../../../core/errors.ts';
import type {
  CellValue,
  ColumnShape,
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
import { copyText, encodeRows } from '../sql/encode-rows.ts';
import { identityViews } from '../sql/identity-views.ts';
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
import { columnTypeOf, tableShapes } from '../sql/table-shapes.ts';
import { userColumn } from '../sql/user-column.ts';
import { postgresFailure } from './postgres-failure.ts';
import { queryPostgres, readPostgres } from './query-postgres.ts';

const types: NativeTypes = {
  boolean: 'boolean',
  integer: 'bigint',
  float: 'double precision',
  timestamp: 'timestamp with time zone',
  text: 'text',
  // As it was written: `jsonb` knows no U+0000 and no lone surrogate.
  json: 'json',
};
const uniqueViolation = '23505';

/**
 * A session with PostgreSQL. Rows are copied straight into their table, whose primary key is the id; where one of them is
 * there already they are copied aside and merged.
 */
export class PostgresWarehouse implements Warehouse {
  readonly #client: Client;
  readonly #connect: () => Promise<Client>;
  /** Tables whose rows were there last time: the next ones probably are too. */
  readonly #repeating = new Set<string>();

  constructor(client: Client, connect: () => Promise<Client>) {
    this.#client = client;
    this.#connect = connect;
  }

  async schemas(): Promise<ReadonlyMap<string, string>> {
    return readSources(await this.#select(sourcesQuery));
  }

  async cursors(warehouse: string): Promise<readonly StoredCursor[]> {
    return (await this.#select(cursorsQuery(warehouse))).map(readCursor);
  }

  async tables(schema: string): Promise<readonly TableShape[]> {
    const rows = await this.#select(
      `select c.relname, a.attname, format_type(a.atttypid, null) from pg_class c
       join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
       where n.nspname = ${literal(schema)} and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
       order by c.oid, a.attnum`,
    );
    return tableShapes(schema, rows, columnTypeOf(types));
  }

  async rows(
    table: TableName,
    columns: readonly ColumnShape[],
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly CellValue[]>> {
    const cells = columns.map(({ name, type }) =>
      type === 'timestamp'
        ? `to_char(${quoted(name)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
        : type === 'json'
          ? `${quoted(name)}::text`
          : quoted(name),
    );
    const found = await this.#select(
      `select ${['id', ...cells].join(', ')} from ${quotedTable(table)} where id = any($1::text[])`,
      [ids],
    );
    return new Map(
      found.map(([id, ...values]) => [
        String(id),
        columns.map(({ type }, index) => readCell(type, values[index])),
      ]),
    );
  }

  async load(unit: LoadUnit): Promise<readonly LoadedRows[]> {
    const loaded: LoadedRows[] = [];
    await this.#run('begin');
    try {
      // Of two loaders of the same stream the second waits here, and then finds the cursor moved.
      await this.#run(
        `select pg_advisory_xact_lock(hashtext(${literal(`tributary ${unit.warehouse}`)}))`,
      );
      assertAt(await this.cursors(unit.warehouse), unit);
      for (const statement of changeStatements(unit.changes, types, 'primary key')) {
        await this.#run(statement);
      }
      const ask = (sql: string) => this.#select(sql);
      for (const statement of await identityViews(unit.changes, this, ask)) {
        await this.#run(statement);
      }
      for (const batch of unit.tables) {
        loaded.push({ table: batch.table, rows: await this.#insert(batch) });
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
    const client = await this.#connect();
    try {
      return await queryPostgres(client, sql, options);
    } finally {
      await client.end();
    }
  }

  async *read(sql: string, options: ReadOptions): AsyncGenerator<QueryPage> {
    const client = await this.#connect();
    try {
      yield* readPostgres(client, sql, options);
    } finally {
      await client.end();
    }
  }

  async deleteUsers(schema: string, userIds: readonly string[]): Promise<number> {
    let deleted = 0;
    for (const table of await this.tables(schema)) {
      const column = userColumn(table);
      if (column === undefined) continue;
      deleted += await this.#run(
        `delete from ${quotedTable(table)} where ${quoted(column)} = any($1::text[])`,
        [userIds],
      );
    }
    return deleted;
  }

  async close(): Promise<void> {
    try {
      await this.#client.end();
    } catch (error) {
      throw postgresFailure(error);
    }
  }

  async #insert(batch: TableBatch): Promise<number> {
    const { table, merge, columns } = batch;
    const target = quotedTable(table);
    if (merge === 'append' && !this.#repeating.has(target)) {
      const copied = await this.#copyStraight(batch);
      if (copied !== undefined) return copied;
    }
    const names = quotedColumns(columns);
    const staged = 'pg_temp.staged';
    await this.#run(
      `create temp table staged on commit drop as select ${names} from ${target} limit 0`,
    );
    await this.#copy(staged, batch);
    if (merge === 'replace') {
      await this.#run(`delete from ${target} t using ${staged} s where t.id = s.id`);
    }
    const rows = await this.#run(
      `insert into ${target} (${names}) select ${names} from ${staged} s
       where not exists (select from ${target} t where t.id = s.id)`,
    );
    await this.#run(`drop table ${staged}`);
    if (rows === batch.rows.length) this.#repeating.delete(target);
    return rows;
  }

  /** Undefined when an id is there already: nothing is copied then. */
  async #copyStraight(batch: TableBatch): Promise<number | undefined> {
    const target = quotedTable(batch.table);
    await this.#run('savepoint straight');
    try {
      await this.#copy(target, batch);
      await this.#run('release savepoint straight');
      return batch.rows.length;
    } catch (error) {
      const cause = error instanceof TributaryError ? error.cause : error;
      if (!(cause instanceof DatabaseError) || cause.code !== uniqueViolation) throw error;
      await this.#run('rollback to savepoint straight');
      this.#repeating.add(target);
      return undefined;
    }
  }

  async #copy(target: string, { columns, rows }: TableBatch): Promise<void> {
    const into = this.#client.query(
      copyFrom(`copy ${target} (${quotedColumns(columns)}) from stdin`),
    );
    try {
      await pipeline(Readable.from(encodeRows(rows, columns.length, copyText)), into);
    } catch (error) {
      throw postgresFailure(error);
    }
  }

  async #select(sql: string, values?: unknown[]): Promise<readonly (readonly unknown[])[]> {
    try {
      const { rows } = await this.#client.query<unknown[]>({
        text: sql,
        rowMode: 'array',
        ...(values && { values }),
      });
      return rows;
    } catch (error) {
      throw postgresFailure(error);
    }
  }

  /** Resolves with the rows that it changed. */
  async #run(sql: string, values?: unknown[]): Promise<number> {
    try {
      return (await this.#client.query(sql, values)).rowCount ?? 0;
    } catch (error) {
      throw postgresFailure(error);
    }
  }

  async #rollBack(): Promise<void> {
    try {
      await this.#client.query('rollback');
    } catch {
      // It is the first failure that counts; without a connection the server rolls back by itself.
    }
  }
}
