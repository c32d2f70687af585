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
import { ownSchema } from '../sql/names.ts';
import { assertAt, readCursor, readSources } from '../sql/own-tables.ts';
import { readCell } from '../sql/read-cell.ts';
import { rowsOfUsers } from '../sql/rows-of-users.ts';
import { tableShapes } from '../sql/table-shapes.ts';
import { takeRows } from '../sql/take-rows.ts';
import type { MergeWords } from './merge-words.ts';
import type { SqlDriver } from './sql-driver.ts';

/** Characters, and rows, of one statement that brings rows. */
const statementLength = 500_000;
const statementRows = 2_000;
/** Ids of one statement. */
const idsAtOnce = 5_000;
const staged = { schema: ownSchema, name: 'staged' };

/**
 * A warehouse that is spoken to in the SQL that Redshift, Snowflake, BigQuery and Databricks share. They have no transaction over
 * several statements that all of them could use here, so each step of a unit may be repeated: a row whose id is there is
 * not inserted again, one of a latest state is merged by its id, and the cursor moves last, by one statement. A unit that was
 * cut off is made again, whatever its end is then. What has no rows in between is a table `_tributary.staged`.
 */
export class MergeWarehouse implements Warehouse {
  readonly #driver: SqlDriver;
  readonly #words: MergeWords;

  /** With the loader's own tables, which are made. The driver is closed when that fails. */
  static async open(driver: SqlDriver, words: MergeWords): Promise<MergeWarehouse> {
    const warehouse = new MergeWarehouse(driver, words);
    try {
      await warehouse.#prepare();
      return warehouse;
    } catch (error) {
      await driver.close();
      throw error;
    }
  }

  private constructor(driver: SqlDriver, words: MergeWords) {
    this.#driver = driver;
    this.#words = words;
  }

  async #prepare(): Promise<void> {
    const { types, tableEnd, createSchema } = this.#words;
    const [text, integer] = [types.text, types.integer];
    await this.#driver.run(createSchema(ownSchema));
    await this.#driver.run(
      `create table if not exists ${this.#own('sources')} (source_id ${text}, schema_name ${text})${tableEnd([])}`,
    );
    await this.#driver.run(
      `create table if not exists ${this.#own('cursors')} (warehouse ${text}, stream ${text}, part ${integer},
       position ${integer}, stamp_input ${integer}, stamp_item ${integer})${tableEnd([])}`,
    );
  }

  async schemas(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#driver.run(
      `select source_id, schema_name from ${this.#own('sources')}`,
    );
    return readSources(rows);
  }

  async cursors(warehouse: string): Promise<readonly StoredCursor[]> {
    const rows = await this.#driver.run(
      `select stream, part, position, stamp_input, stamp_item from ${this.#own('cursors')}
       where warehouse = ${this.#words.text(warehouse)}`,
    );
    return rows.map(readCursor);
  }

  async tables(schema: string): Promise<readonly TableShape[]> {
    const rows = await this.#driver.run(this.#words.columnsOf(schema));
    return tableShapes(schema, rows, this.#words.typeOf);
  }

  async rows(
    table: TableName,
    columns: readonly ColumnShape[],
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly CellValue[]>> {
    const cells = columns.map(({ name, type }) => {
      const column = this.#words.identifier(name);
      if (type === 'json') return this.#words.jsonOf(column);
      return type === 'timestamp' ? this.#words.isoOf(column) : column;
    });
    const found = new Map<string, readonly CellValue[]>();
    for (const some of this.#lists(ids)) {
      const rows = await this.#driver.run(
        `select ${[this.#words.identifier('id'), ...cells].join(', ')} from ${this.#table(table)}
         where ${this.#words.identifier('id')} in (${some})`,
      );
      for (const [id, ...values] of rows) {
        found.set(
          String(id),
          columns.map(({ type }, index) => readCell(type, booleanOf(type, values[index]))),
        );
      }
    }
    return found;
  }

  async load(unit: LoadUnit): Promise<readonly LoadedRows[]> {
    const cursors = await this.cursors(unit.warehouse);
    assertAt(cursors, unit);
    await this.#change(unit);
    const loaded: LoadedRows[] = [];
    for (const batch of unit.tables) {
      loaded.push({ table: batch.table, rows: await this.#load(batch) });
    }
    await this.#driver.run(this.#moveCursor(unit));
    return loaded;
  }

  async forget(warehouse: string, stream: string): Promise<void> {
    const { text } = this.#words;
    await this.#driver.run(
      `delete from ${this.#own('cursors')} where warehouse = ${text(warehouse)} and stream = ${text(stream)}`,
    );
  }

  query(sql: string, options: QueryOptions): Promise<QueryResult> {
    return takeRows(this.#driver.read(sql, options), options);
  }

  read(sql: string, options: ReadOptions): AsyncIterable<QueryPage> {
    return this.#driver.read(sql, options);
  }

  async deleteUsers(
    schema: string,
    ids: readonly string[],
    options: DeleteOptions = {},
  ): Promise<number> {
    const { identifier, timestamp } = this.#words;
    let deleted = 0;
    for (const table of await this.tables(schema)) {
      for (const some of this.#lists(ids)) {
        const condition = rowsOfUsers(table, options, {
          isOne: (column) => `${identifier(column)} in (${some})`,
          isBefore: (column, moment) => `${identifier(column)} < ${timestamp(moment)}`,
        });
        if (condition === undefined) continue;
        const rows = `from ${this.#table(table)} where ${condition}`;
        const [[count] = []] = await this.#driver.run(`select count(*) ${rows}`);
        if (Number(count) === 0) continue;
        await this.#driver.run(`delete ${rows}`);
        deleted += Number(count);
      }
    }
    return deleted;
  }

  close(): Promise<void> {
    return this.#driver.close();
  }

  async #change({ changes, schemas }: LoadUnit): Promise<void> {
    const { createSchema, tableEnd, addColumn, identifier, text } = this.#words;
    for (const schema of new Set(changes.create.map((table) => table.schema))) {
      await this.#driver.run(createSchema(schema));
    }
    for (const table of changes.create) {
      const columns = table.columns.map((column) => this.#column(column)).join(', ');
      await this.#driver.run(
        `create table if not exists ${this.#table(table)} (${columns})${tableEnd(table.columns)}`,
      );
    }
    for (const { table, columns } of changes.add) {
      const there = await this.#columnsOf(table);
      for (const column of columns) {
        if (there.has(column.name)) continue;
        await this.#driver.run(
          `alter table ${this.#table(table)} ${addColumn} ${identifier(column.name)} ${this.#words.types[column.type]}`,
        );
      }
    }
    for (const { table, column } of changes.widen) {
      const there = await this.#shapeOf(table);
      if (there.some(({ name, type }) => name === column.name && type === column.type)) continue;
      await this.#driver.run(
        `alter table ${this.#table(table)} alter column ${identifier(column.name)} set data type ${this.#words.types[column.type]}`,
      );
    }
    const known = schemas.length === 0 ? new Map() : await this.schemas();
    for (const { sourceId, schema } of schemas) {
      if (known.has(sourceId)) continue;
      await this.#driver.run(
        `insert into ${this.#own('sources')} (source_id, schema_name) values (${text(sourceId)}, ${text(schema)})`,
      );
    }
  }

  /** Resolves with the rows that are new. */
  async #load(batch: TableBatch): Promise<number> {
    await this.#stage(batch);
    const rows = batch.merge === 'replace' ? await this.#replace(batch) : await this.#append(batch);
    await this.#driver.run(`drop table ${this.#table(staged)}`);
    return rows;
  }

  async #stage({ columns, rows }: TableBatch): Promise<void> {
    const shape = columns.map((column) => this.#column(column)).join(', ');
    await this.#driver.run(`drop table if exists ${this.#table(staged)}`);
    await this.#driver.run(
      `create table ${this.#table(staged)} (${shape})${this.#words.tableEnd([])}`,
    );
    const names = columns.map(({ name }) => this.#words.identifier(name)).join(', ');
    const head = `insert into ${this.#table(staged)} (${names}) values `;
    let values: string[] = [];
    let length = 0;
    const send = async () => {
      if (values.length > 0) await this.#driver.run(head + values.join(', '));
      values = [];
      length = 0;
    };
    for (const row of rows) {
      const cells = columns.map(({ type }, index) => this.#literal(type, row[index] ?? null));
      const text = `(${cells.join(', ')})`;
      if (values.length >= statementRows || length + text.length > statementLength) await send();
      values.push(text);
      length += text.length;
    }
    await send();
  }

  async #append({ table, columns }: TableBatch): Promise<number> {
    const { identifier, timestamp } = this.#words;
    const id = identifier('id');
    const received = identifier('received_at');
    const [target, source] = [this.#table(table), this.#table(staged)];
    let recent = '';
    if (columns.some(({ name }) => name === 'received_at')) {
      const [[oldest] = []] = await this.#driver.run(
        `select ${this.#words.isoOf(`min(${received})`)} from ${source}`,
      );
      if (typeof oldest === 'string') {
        const since = new Date(Date.parse(oldest) - limits.warehouseDedupeMs).toISOString();
        recent = ` and t.${received} >= ${timestamp(since)}`;
      }
    }
    const fresh = `from ${source} s where not exists (select 1 from ${target} t where t.${id} = s.${id}${recent})`;
    const [[count] = []] = await this.#driver.run(`select count(*) ${fresh}`);
    if (Number(count) === 0) return 0;
    const names = columns.map(({ name }) => identifier(name));
    await this.#driver.run(
      `insert into ${target} (${names.join(', ')}) select ${names.map((name) => `s.${name}`).join(', ')} ${fresh}`,
    );
    return Number(count);
  }

  async #replace({ table, columns, rows }: TableBatch): Promise<number> {
    const { identifier, hasTargetAlias } = this.#words;
    const given = columns.map(({ name }) => name);
    const absent = [...(await this.#columnsOf(table))].filter((name) => !given.includes(name));
    const target = hasTargetAlias ? 't' : identifier(table.name);
    const set = [
      ...given
        .filter((name) => name !== 'id')
        .map((name) => `${identifier(name)} = s.${identifier(name)}`),
      ...absent.map((name) => `${identifier(name)} = null`),
    ];
    const names = given.map(identifier);
    await this.#driver.run(
      `merge into ${this.#table(table)}${hasTargetAlias ? ' as t' : ''} using ${this.#table(staged)} as s
       on ${target}.${identifier('id')} = s.${identifier('id')}
       when matched then update set ${set.join(', ')}
       when not matched then insert (${names.join(', ')}) values (${names.map((name) => `s.${name}`).join(', ')})`,
    );
    return rows.length;
  }

  #moveCursor({ warehouse, stream, partition, from, to }: LoadUnit): string {
    const { text } = this.#words;
    const { input, item } = to.stamp;
    const cursors = this.#own('cursors');
    if (from === undefined) {
      const values = [text(warehouse), text(stream), partition, to.position, input, item];
      return `insert into ${cursors} (warehouse, stream, part, position, stamp_input, stamp_item) values (${values.join(', ')})`;
    }
    return `update ${cursors} set position = ${to.position}, stamp_input = ${input}, stamp_item = ${item}
      where warehouse = ${text(warehouse)} and stream = ${text(stream)} and part = ${partition}`;
  }

  async #columnsOf(table: TableName): Promise<Set<string>> {
    return new Set((await this.#shapeOf(table)).map(({ name }) => name));
  }

  async #shapeOf(table: TableName): Promise<readonly ColumnShape[]> {
    const found = (await this.tables(table.schema)).find(({ name }) => name === table.name);
    return found?.columns ?? [];
  }

  #literal(type: ColumnShape['type'], value: CellValue): string {
    if (value === null) return 'null';
    if (typeof value !== 'string') return String(value);
    if (type === 'timestamp') return this.#words.timestamp(value);
    return type === 'json' ? this.#words.json(value) : this.#words.text(value);
  }

  #column({ name, type }: ColumnShape): string {
    return `${this.#words.identifier(name)} ${this.#words.types[type]}`;
  }

  #own(name: string): string {
    return this.#table({ schema: ownSchema, name });
  }

  #table({ schema, name }: TableName): string {
    return `${this.#words.identifier(schema)}.${this.#words.identifier(name)}`;
  }

  *#lists(ids: readonly string[]): Generator<string> {
    for (let at = 0; at < ids.length; at += idsAtOnce) {
      yield ids
        .slice(at, at + idsAtOnce)
        .map(this.#words.text)
        .join(', ');
    }
  }
}

/** Some give booleans as texts. */
function booleanOf(type: ColumnShape['type'], value: unknown): unknown {
  return type === 'boolean' && typeof value === 'string' ? value.toLowerCase() === 'true' : value;
}
