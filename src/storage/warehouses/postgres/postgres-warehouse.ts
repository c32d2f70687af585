import { type Client, DatabaseError } from 'pg';
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
import { rowsOfUsers } from '../sql/rows-of-users.ts';
import { columnTypeOf, tableShapes } from '../sql/table-shapes.ts';
import { runScript, type ScriptStep } from './copy-script.ts';
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

/** What brings in the rows of one table, and which of its steps says how many. */
interface UnitPart {
  readonly batch: TableBatch;
  readonly steps: readonly ScriptStep[];
  readonly counted: number;
}

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
    try {
      // Of two loaders of the same stream the second waits here, and then finds the cursor moved.
      const lock = `select pg_advisory_xact_lock(hashtext(${literal(`tributary ${unit.warehouse}`)}))`;
      await this.#script(['begin', lock]);
      assertAt(await this.cursors(unit.warehouse), unit);
      await this.#script(changeStatements(unit.changes, types, 'primary key'));
      const ask = (sql: string) => this.#select(sql);
      await this.#script(await identityViews(unit.changes, this, ask));
      return await this.#insert(unit.tables, [...unitStatements(unit), 'commit']);
    } catch (error) {
      await this.#rollBack();
      throw error;
    }
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

  async deleteUsers(
    schema: string,
    ids: readonly string[],
    options: DeleteOptions = {},
  ): Promise<number> {
    let deleted = 0;
    for (const table of await this.tables(schema)) {
      const rows = rowsOfUsers(table, options, {
        isOne: (column) => `${quoted(column)} = any($1::text[])`,
        isBefore: (column, moment) => `${quoted(column)} < ${literal(moment)}::timestamptz`,
      });
      if (rows === undefined) continue;
      deleted += await this.#run(`delete from ${quotedTable(table)} where ${rows}`, [ids]);
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

  /**
   * Brings in the rows of all tables and runs `end`, in one script. When ids of a table are there already it begins anew with that
   * table, one at a time.
   */
  async #insert(
    batches: readonly TableBatch[],
    end: readonly string[],
  ): Promise<readonly LoadedRows[]> {
    const loaded: LoadedRows[] = [];
    let atOnce = batches.length;
    for (;;) {
      const some = batches.slice(loaded.length, loaded.length + atOnce);
      const parts = some.map((batch) => this.#partOf(batch));
      const isLast = loaded.length + some.length === batches.length;
      const steps = parts.flatMap((part) => part.steps);
      if (isLast) steps.push(...end.map((sql) => ({ sql })));
      const { rows, error } = await runScript(this.#client, steps);
      loaded.push(...this.#loadedRows(parts, rows));
      if (error !== undefined) {
        const stopped = batches[loaded.length];
        if (stopped === undefined || !this.#markRepeating(stopped, error)) {
          throw postgresFailure(error);
        }
        await this.#script(['rollback to savepoint straight']);
        atOnce = 1;
      } else if (isLast) return loaded;
    }
  }

  #partOf(batch: TableBatch): UnitPart {
    const { table, merge, columns, rows, lines } = batch;
    const target = quotedTable(table);
    const names = quotedColumns(columns);
    const copyInto = (place: string): ScriptStep => ({
      sql: `copy ${place} (${names}) from stdin`,
      data: lines?.bytes ?? encodeRows(rows, columns.length, copyText),
    });
    if (merge === 'replace') {
      const at = columns.findIndex(({ name }) => name === 'id');
      const ids = rows.map((row) => literal(String(row[at])));
      const clear = { sql: `delete from ${target} where id in (${ids.join(', ')})` };
      return { batch, steps: [clear, copyInto(target)], counted: 1 };
    }
    if (!this.#repeating.has(target)) {
      const steps = [
        { sql: 'savepoint straight' },
        copyInto(target),
        { sql: 'release savepoint straight' },
      ];
      return { batch, steps, counted: 1 };
    }
    const staged = 'pg_temp.staged';
    const steps = [
      {
        sql: `create temp table staged on commit drop as select ${names} from ${target} limit 0`,
      },
      copyInto(staged),
      {
        sql: `insert into ${target} (${names}) select ${names} from ${staged} s
          where not exists (select from ${target} t where t.id = s.id)`,
      },
      { sql: `drop table ${staged}` },
    ];
    return { batch, steps, counted: 2 };
  }

  /** Of the parts that came to their end. */
  #loadedRows(parts: readonly UnitPart[], rows: readonly number[]): LoadedRows[] {
    const loaded: LoadedRows[] = [];
    let at = 0;
    for (const { batch, steps, counted } of parts) {
      if (at + steps.length > rows.length) break;
      const brought = rows[at + counted] ?? 0;
      loaded.push({ table: batch.table, rows: brought });
      const given = batch.lines?.ids ?? batch.rows;
      if (brought === given.length) this.#repeating.delete(quotedTable(batch.table));
      at += steps.length;
    }
    return loaded;
  }

  /** False when the table's rows failed for another reason than that their ids are there. */
  #markRepeating({ table, merge }: TableBatch, error: unknown): boolean {
    const target = quotedTable(table);
    if (!(error instanceof DatabaseError) || error.code !== uniqueViolation) return false;
    if (merge !== 'append' || this.#repeating.has(target)) return false;
    this.#repeating.add(target);
    return true;
  }

  async #script(statements: readonly string[]): Promise<void> {
    const steps = statements.map((sql) => ({ sql }));
    const { error } = await runScript(this.#client, steps);
    if (error !== undefined) throw postgresFailure(error);
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
