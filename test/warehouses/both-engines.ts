import { after, before, describe } from 'node:test';
import type { Event } from '../../src/core/event.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { silentLogger } from '../../src/core/logger.ts';
import type { StoredObject } from '../../src/core/objects.ts';
import type { LoadCursor, Warehouse, WarehouseEngine } from '../../src/core/warehouse-engine.ts';
import { duckdbEngine } from '../../src/storage/warehouses/duckdb/duckdb-engine.ts';
import { postgresEngine } from '../../src/storage/warehouses/postgres/postgres-engine.ts';
import { selectionOf } from '../../src/warehouses/selection.ts';
import { Misfits } from '../../src/warehouses/tables/misfits.ts';
import { SourceTables } from '../../src/warehouses/tables/source-tables.ts';
import { type Postgres, postgresPassword, startPostgres } from '../rig/postgres.ts';
import { type TempFolder, tempFolder } from '../rig/temp-folder.ts';

/** A row as it can be read back, by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** One engine, and what tests do with it. Each test takes a schema of its own. */
export interface EngineRig {
  readonly name: string;
  readonly engine: WarehouseEngine;
  readonly settings: JsonObject;
  readonly folder: string;
  readonly warehouse: Warehouse;
  /** A schema that nothing is in yet. */
  newSchema(): string;
  /** Loads events and objects as one unit. */
  load(schema: string, items: readonly (Event | StoredObject)[]): Promise<Misfits>;
  /** All rows of a table, by id; columns that are null everywhere too. */
  rows(schema: string, table: string): Promise<Row[]>;
}

/** Runs the same tests on DuckDB and on PostgreSQL. */
export function onBothEngines(title: string, define: (rig: () => EngineRig) => void): void {
  for (const name of ['DuckDB', 'PostgreSQL'] as const) {
    describe(`${title} (${name})`, () => {
      let folder: TempFolder;
      let server: Postgres | undefined;
      let rig: EngineRig | undefined;
      before(async () => {
        folder = await tempFolder('warehouse');
        server = name === 'PostgreSQL' ? await startPostgres() : undefined;
        rig = await openRig(name, folder.path, server);
      });
      after(async () => {
        await rig?.warehouse.close();
        await server?.remove();
        await folder.remove();
      });
      define(() => {
        if (rig === undefined) throw new RangeError('asked before the tests began');
        return rig;
      });
    });
  }
}

async function openRig(
  name: string,
  folder: string,
  server: Postgres | undefined,
): Promise<EngineRig> {
  const engine = server === undefined ? duckdbEngine : postgresEngine;
  const settings =
    server === undefined ? { path: 'warehouse.duckdb' } : await postgresSettings(server);
  const options = { dataFolder: folder, tempFolder: folder, logger: silentLogger };
  const warehouse = await engine.open(settings, options);
  const cursors = new Map<string, LoadCursor>();
  let schemas = 0;
  return {
    name,
    engine,
    settings,
    folder,
    warehouse,
    newSchema: () => {
      schemas += 1;
      return `s${schemas}`;
    },
    load: async (schema, items) => {
      const misfits = new Misfits();
      const { dialect } = engine;
      const shapes = await warehouse.tables(schema);
      const selection = selectionOf();
      const tables = new SourceTables({ schema, dialect, shapes, misfits, selection });
      for (const item of items) {
        if (isEvent(item)) tables.addEvent(item, loadedAt);
        else tables.addObject(item);
      }
      const unit = await tables.take(warehouse, loadedAt);
      const from = cursors.get(schema);
      const position = (from?.position ?? 0) + 1;
      const to = { position, stamp: { input: position, item: 0 } };
      const id = `${schema}/${position}`;
      const stream = { warehouse: schema, stream: 'live', partition: 0 };
      await warehouse.load({ id, ...stream, from, to, schemas: [], ...unit });
      cursors.set(schema, to);
      return misfits;
    },
    rows: async (schema, table) => {
      const shape = (await warehouse.tables(schema)).find((one) => one.name === table);
      if (shape === undefined) return [];
      const query = { rows: 10_000, offset: 0, timeoutMs: 30_000 };
      const { rows: ids } = await warehouse.query(
        `select id from "${schema}"."${table}" order by id`,
        query,
      );
      const wanted = ids.map(([id]) => String(id));
      const found = await warehouse.rows(shape, shape.columns, wanted);
      return wanted.map((id) =>
        Object.fromEntries(
          shape.columns.map(({ name: column }, index) => [column, found.get(id)?.[index] ?? null]),
        ),
      );
    },
  };
}

export const loadedAt = '2026-11-21T12:00:00.000Z';

async function postgresSettings(server: Postgres): Promise<JsonObject> {
  const url = new URL(await server.url());
  return {
    host: '127.0.0.1',
    port: String(server.port),
    database: url.pathname.slice(1),
    username: 'tributary',
    password: postgresPassword,
  };
}

function isEvent(item: Event | StoredObject): item is Event {
  return 'type' in item && !('collection' in item && 'properties' in item && !('context' in item));
}

let made = 0;

/** An event as `events` holds it, with what the test says of it. */
export function event(more: JsonObject = {}): Event {
  made += 1;
  const at = new Date(Date.UTC(2026, 10, 21, 10) + made).toISOString();
  return {
    type: 'track',
    messageId: `m${String(made).padStart(9, '0')}`,
    anonymousId: 'anon',
    context: {},
    integrations: {},
    timestamp: at,
    originalTimestamp: at,
    receivedAt: at,
    ...(more['type'] === undefined && { event: 'Thing' }),
    ...more,
  };
}
