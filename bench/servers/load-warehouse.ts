/**
 * A process of the section `warehouse`. `fill`: writes events to a log of files. `sync`: loads them into an empty warehouse. `bulk`:
 * gives the same rows to the engine's own bulk load, by the appender or by COPY, and nothing else. Prints the seconds
 * and the most memory it had as JSON.
 */

import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DuckDBInstance, DuckDBTimestampValue } from '@duckdb/node-api';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { systemClock } from '../../src/core/clock.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { recordKinds } from '../../src/core/records.ts';
import { noSuppressions } from '../../src/core/suppressions.ts';
import type {
  ColumnShape,
  LoadUnit,
  SchemaChanges,
  TableBatch,
  Warehouse,
  WarehouseDialect,
} from '../../src/core/warehouse-engine.ts';
import { openLogEngine } from '../../src/storage/open-log-engine.ts';
import { copyText, encodeRows } from '../../src/storage/warehouses/sql/encode-rows.ts';
import { warehouseEngine } from '../../src/storage/warehouses/warehouse-engines.ts';
import { syncWarehouse } from '../../src/warehouses/sync/sync-warehouse.ts';
import { benchEvent } from '../warehouse-event.ts';

const {
  mode,
  slug,
  settings,
  folder,
  log: logFolder,
  events,
} = JSON.parse(process.argv[2] ?? '{}');
const logs = await openLogEngine(`file:${logFolder}`, {
  clock: systemClock,
  logger: silentLogger,
  room: { ratio: 0, bytes: 0 },
  onFlush: () => undefined,
});
if (mode === 'fill') await fill();
else {
  const engine = warehouseEngine(slug);
  if (engine === undefined) throw new RangeError(`no engine ${slug}`);
  const options = { dataFolder: folder, tempFolder: folder, logger: silentLogger };
  const warehouse = await engine.open(settings, options);
  const seconds =
    mode === 'sync' ? await sync(warehouse, engine.dialect) : await bulk(warehouse, engine.dialect);
  const megabytes = highestResidentKb() / 1024;
  process.stdout.write(`${JSON.stringify({ seconds, megabytes })}\n`);
}
await logs.close();

/** Not `resourceUsage`: its `maxRSS` may be that of the process that started this one. */
function highestResidentKb(): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}

async function fill(): Promise<void> {
  const { writer } = await logs.openWriter('events', 0);
  const batch = 500;
  for (let start = 0; start < events; start += batch) {
    const entries = Array.from({ length: Math.min(batch, events - start) }, (_, index) => {
      const event = benchEvent(start + index);
      return {
        kind: recordKinds.event,
        source: 's',
        meta: JSON.stringify({
          ...{ i: start + 1, n: index, t: Date.parse(event.receivedAt) },
          ...{ type: event.type, id: event.messageId, u: event.userId },
        }),
        body: Buffer.from(JSON.stringify(event)),
      };
    });
    await writer.append(entries, { mark: start + batch });
  }
  await writer.close();
}

/** Until the last row is there for a query. */
async function sync(warehouse: Warehouse, dialect: WarehouseDialect): Promise<number> {
  const start = performance.now();
  await load(warehouse, dialect);
  const seconds = (performance.now() - start) / 1000;
  await warehouse.close();
  return seconds;
}

async function load(warehouse: Warehouse, dialect: WarehouseDialect): Promise<void> {
  const reader = await logs.openReader('events', 0);
  await syncWarehouse({
    job: {
      warehouse: {
        id: 'w',
        slug,
        enabled: true,
        settings: {},
        sources: [{ sourceId: 's', since: 0 }],
      },
      slugs: { s: 'shop' },
      seen: {},
    },
    ...{ warehouse, dialect, readers: [reader], suppressions: noSuppressions },
    ...{ clock: systemClock, logger: silentLogger, signal: new AbortController().signal },
  });
  await reader.close();
}

/** The rows that a sync would bring, gathered without an engine; then the time that the engine's own load takes for them. */
async function bulk(
  warehouse: Warehouse,
  { lines: _, ...dialect }: WarehouseDialect,
): Promise<number> {
  const batches: TableBatch[] = [];
  const changes: SchemaChanges[] = [];
  const gathering: Warehouse = {
    ...warehouse,
    schemas: async () => new Map(),
    cursors: async () => [],
    tables: async () => [],
    rows: async () => new Map(),
    load: async (unit: LoadUnit) => {
      batches.push(...unit.tables);
      changes.push(unit.changes);
      return [];
    },
  };
  // The rows themselves, whose writing belongs to the time of a bulk load.
  await load(gathering, dialect);
  const to = { position: 1, stamp: { input: 1, item: 0 } };
  const all = {
    create: changes.flatMap(({ create }) => create),
    add: changes.flatMap(({ add }) => add),
    widen: [],
  };
  const place = { warehouse: 'w', stream: 'live', partition: 0, from: undefined, to };
  await warehouse.load({ id: 'x', ...place, schemas: [], changes: all, tables: [] });
  await warehouse.close();
  // States replace one another; a bulk load has each once.
  const last = new Map(
    batches.filter(({ merge }) => merge === 'replace').map((one) => [one.table.name, one]),
  );
  const rows = [...batches.filter(({ merge }) => merge === 'append'), ...last.values()];
  return slug === 'duckdb' ? append(rows) : copy(rows);
}

/** Into the same tables of a file as DuckDB makes it by itself. */
async function append(batches: readonly TableBatch[]): Promise<number> {
  const instance = await DuckDBInstance.create(`${folder}/bulk.duckdb`, { threads: '2' });
  const connection = await instance.connect();
  await connection.run(`attach '${folder}/${settings.path}' as made (read_only)`);
  await connection.run('copy from database made to bulk (schema)');
  await connection.run('detach made');
  const start = performance.now();
  for (const { table, columns, rows } of batches) {
    const found = await connection.run(
      `select column_name from duckdb_columns() where schema_name = '${table.schema}' and table_name = '${table.name}' order by column_index`,
    );
    const order = (await found.getRowsJson()).map(([name]) =>
      columns.findIndex((column) => column.name === name),
    );
    const appender = await connection.createAppender(table.name, table.schema);
    for (const row of rows) {
      for (const at of order) appendCell(appender, columns[at], row[at] ?? null);
      appender.endRow();
    }
    appender.closeSync();
  }
  const seconds = (performance.now() - start) / 1000;
  connection.closeSync();
  instance.closeSync();
  return seconds;
}

type Appender = Awaited<
  ReturnType<Awaited<ReturnType<DuckDBInstance['connect']>>['createAppender']>
>;

function appendCell(appender: Appender, column: ColumnShape | undefined, value: unknown): void {
  if (value === null || column === undefined) appender.appendNull();
  else if (column.type === 'timestamp') {
    appender.appendTimestamp(new DuckDBTimestampValue(BigInt(Date.parse(String(value))) * 1000n));
  } else if (column.type === 'integer') appender.appendBigInt(BigInt(Number(value)));
  else if (column.type === 'float') appender.appendDouble(Number(value));
  else if (column.type === 'boolean') appender.appendBoolean(value === true);
  else appender.appendVarchar(String(value));
}

async function copy(batches: readonly TableBatch[]): Promise<number> {
  const { host, port, database, username: user, password } = settings;
  const client = new Client({ host, port: Number(port), database, user, password });
  await client.connect();
  const start = performance.now();
  for (const { table, columns, rows } of batches) {
    const names = columns.map(({ name }) => `"${name}"`).join(', ');
    const into = client.query(
      copyFrom(`copy "${table.schema}"."${table.name}" (${names}) from stdin`),
    );
    await pipeline(Readable.from(encodeRows(rows, columns.length, copyText)), into);
  }
  const seconds = (performance.now() - start) / 1000;
  await client.end();
  return seconds;
}
