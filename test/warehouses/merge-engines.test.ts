/**
 * Redshift against PostgreSQL, whose protocol it speaks; Snowflake, BigQuery and Databricks against substitutes of their
 * interfaces (test/rig/rest-sql.ts).
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import { silentLogger } from '../../src/core/logger.ts';
import type {
  CellValue,
  LoadUnit,
  TableBatch,
  TableShape,
  Warehouse,
  WarehouseEngine,
} from '../../src/core/warehouse-engine.ts';
import { bigqueryEngine } from '../../src/storage/warehouses/bigquery/bigquery-engine.ts';
import { databricksEngine } from '../../src/storage/warehouses/databricks/databricks-engine.ts';
import { redshiftEngine } from '../../src/storage/warehouses/redshift/redshift-engine.ts';
import { snowflakeEngine } from '../../src/storage/warehouses/snowflake/snowflake-engine.ts';
import { postgresPassword, startPostgres } from '../rig/postgres.ts';
import { type RestSql, startBigquery, startDatabricks, startSnowflake } from '../rig/rest-sql.ts';
import { postgres } from '../services/postgres.ts';

interface Stand {
  readonly engine: WarehouseEngine;
  readonly settings: JsonObject;
  /** Settings whose test fails, and with what words. */
  readonly wrong: { readonly settings: JsonObject; readonly words: RegExp };
  readonly rest?: RestSql;
  close(): Promise<void>;
}

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const stands: Readonly<Record<string, () => Promise<Stand>>> = {
  Redshift: async () => {
    const server = await startPostgres();
    // What Redshift has and PostgreSQL has not.
    await server.query('create domain super as jsonb');
    await server.query(
      "create function json_parse(text) returns jsonb language sql as 'select $1::jsonb'",
    );
    await server.query(
      "create function json_serialize(jsonb) returns text language sql as 'select $1::text'",
    );
    const settings = {
      ...{ host: '127.0.0.1', port: String(server.port), database: 'postgres' },
      ...{ username: 'tributary', password: postgresPassword },
    };
    const wrong = { settings: { ...settings, password: 'wrong' }, words: /authentication failed/ };
    return { engine: redshiftEngine, settings, wrong, close: () => server.remove() };
  },
  Snowflake: async () => {
    const rest = await startSnowflake();
    const settings = {
      ...{ account: 'org-acc', warehouse: 'load', database: 'EVENTS', username: 'trib' },
      privateKey: pem,
    };
    const wrong = {
      settings: { ...settings, privateKey: '', password: 'wrong' },
      words: /access token is invalid/,
    };
    const engine = snowflakeEngine(() => rest.url);
    return { engine, settings, wrong, rest, close: () => rest.close() };
  },
  Databricks: async () => {
    const rest = await startDatabricks();
    const settings = {
      host: 'x',
      httpPath: '/sql/1.0/warehouses/abc',
      catalog: 'main',
      token: 't',
    };
    const wrong = { settings: { ...settings, token: 'wrong' }, words: /Invalid access token/ };
    const engine = databricksEngine(() => rest.url);
    return { engine, settings, wrong, rest, close: () => rest.close() };
  },
  BigQuery: async () => {
    const rest = await startBigquery();
    const { OAuth2Client } = await import('google-auth-library');
    const authClient = new OAuth2Client();
    authClient.setCredentials({ access_token: 'token', expiry_date: Date.now() + 3_600_000 });
    const settings = { project: 'project', location: 'EU', credentials: '{}' };
    const wrong = { settings: { ...settings, project: '' }, words: /BigQuery/ };
    const engine = bigqueryEngine({ apiEndpoint: rest.url, authClient });
    return { engine, settings, wrong, rest, close: () => rest.close() };
  },
};

const columns = [
  { name: 'id', type: 'text' },
  { name: 'received_at', type: 'timestamp' },
  { name: 'user_id', type: 'text' },
  { name: 'price', type: 'float' },
  { name: 'seats', type: 'integer' },
  { name: 'paid', type: 'boolean' },
] as const;
const day = '2026-11-20T10:00:00.123Z';

for (const [name, start] of Object.entries(stands)) {
  const skip = name === 'Redshift' && postgres.find() === undefined && 'no PostgreSQL';
  describe(`a warehouse on ${name}`, { skip }, () => {
    let stand: Stand;
    let warehouse: Warehouse;
    let at = 0;
    let made = 0;
    let schema = '';
    let stream = '';
    before(async () => {
      stand = await start();
      warehouse = await stand.engine.open(stand.settings, {
        ...{ dataFolder: '/', tempFolder: '/', logger: silentLogger },
      });
    });
    after(async () => {
      await warehouse.close();
      await stand.close();
    });
    beforeEach(() => {
      made += 1;
      at = 0;
      [schema, stream] = [`web${made}`, `live${made}`];
    });

    const orders = (): TableShape => ({ schema, name: 'order_done', columns });
    const users = (): TableShape => ({
      ...{ schema, name: 'users' },
      columns: [
        { name: 'id', type: 'text' },
        { name: 'plan', type: 'text' },
        { name: 'seats', type: 'integer' },
      ],
    });
    const unit = (tables: readonly TableBatch[], more: Partial<LoadUnit> = {}): LoadUnit => {
      const from = at === 0 ? undefined : { position: at, stamp: { input: at, item: 0 } };
      at += 1;
      return {
        ...{ id: `w/${stream}/0/${at}`, warehouse: 'w', stream, partition: 0, from, tables },
        to: { position: at, stamp: { input: at, item: 0 } },
        schemas: [{ sourceId: `src-${schema}`, schema }],
        changes: { create: [orders(), users()], add: [], widen: [] },
        ...more,
      };
    };
    const order = (...rows: (readonly CellValue[])[]): TableBatch => ({
      ...{ table: orders(), merge: 'append', columns, rows },
    });
    const user = (...rows: (readonly CellValue[])[]): TableBatch => ({
      ...{ table: users(), merge: 'replace', columns: users().columns, rows },
    });
    const select = async (sql: string) =>
      (await warehouse.query(sql, { rows: 1_000, offset: 0, timeoutMs: 10_000 })).rows;
    const t = (table: string) => `${schema}.${table}`;

    it('keeps rows with their types', async () => {
      const text = 'ünï "q", \'x\' \\n\n\t🙂 \\';
      const second = ['b', '2026-11-21T23:59:59.123456Z', text, null, 9007199254740991, false];
      await warehouse.load(unit([order(['a', day, 'ada', 1.5, 3, true], second)]));
      const found = await warehouse.rows(orders(), columns, ['b', "it's none"]);
      assert.deepEqual([...found], [['b', second]]);
      const rows = await select(
        `select id, price, seats, paid from ${t('order_done')} order by id`,
      );
      assert.deepEqual(rows, [
        ['a', 1.5, 3, true],
        ['b', null, 9007199254740991, false],
      ]);
      assert.deepEqual(await warehouse.tables(schema), [orders(), users()]);
      assert.equal((await warehouse.schemas()).get(`src-${schema}`), schema);
    });

    it('has a unit once that was cut off, whatever its end is when it is made again', async () => {
      await warehouse.load(unit([order(['a', day]), user(['ada', 'free'])]));
      const next = unit([order(['b', day], ['c', day]), user(['ada', 'pro'])]);
      const { rest } = stand;
      if (rest !== undefined) {
        for (const step of ['drop table', 'merge into', 'update']) {
          rest.failing.on = (sql) => sql.startsWith(step) && !sql.includes('if exists');
          await assert.rejects(warehouse.load(next), { code: 'warehouse_failed' });
        }
        rest.failing.on = () => false;
      }
      await warehouse.load({
        ...next,
        tables: [order(['b', day], ['c', day], ['d', day]), user(['ada', 'max'])],
      });
      const found = await select(`select id from ${t('order_done')} order by id`);
      assert.deepEqual(found.flat(), ['a', 'b', 'c', 'd']);
      assert.deepEqual(await select(`select id, plan from ${t('users')}`), [['ada', 'max']]);
      const [cursor] = (await warehouse.cursors('w')).filter((one) => one.stream === stream);
      assert.deepEqual(cursor, { stream, partition: 0, ...next.to });
      await assert.rejects(warehouse.load(next), { code: 'lease_lost' });
    });

    it('has of users the row that came last, whole', async () => {
      await warehouse.load(unit([user(['ada', 'free', 3], ['bob', 'x', 1])]));
      const part: TableBatch = {
        ...{ table: users(), merge: 'replace', columns: users().columns.slice(0, 2) },
        rows: [
          ['ada', 'pro'],
          ['eve', 'new'],
        ],
      };
      await warehouse.load(unit([part]));
      assert.deepEqual(await select(`select id, plan, seats from ${t('users')} order by id`), [
        ['ada', 'pro', null],
        ['bob', 'x', 1],
        ['eve', 'new', null],
      ]);
    });

    it('adds columns, and does so again without harm', async () => {
      await warehouse.load(unit([order(['a', day])]));
      const coupon = { name: 'coupon', type: 'text' } as const;
      const batch: TableBatch = {
        ...{ table: orders(), merge: 'append', columns: [...columns.slice(0, 2), coupon] },
        rows: [
          ['b', day, 'X'],
          ['c', day],
        ],
      };
      const changes = { create: [], add: [{ table: orders(), columns: [coupon] }], widen: [] };
      await warehouse.load(unit([batch], { changes }));
      await warehouse.load(unit([], { changes }));
      assert.deepEqual(await select(`select id, coupon from ${t('order_done')} order by id`), [
        ['a', null],
        ['b', 'X'],
        ['c', null],
      ]);
    });

    it('widens a column where the engine does so by its schema alone, and once', async () => {
      const { widens } = stand.engine.dialect;
      // The others would write the rows again.
      assert.equal(widens.integer?.includes('float') === true, name === 'BigQuery');
      if (name !== 'BigQuery') return;
      await warehouse.load(unit([order(['a', day, 'ada', 1.5, 3])]));
      const wide = { name: 'seats', type: 'float' } as const;
      const batch: TableBatch = {
        ...{ table: orders(), merge: 'append', columns: [...columns.slice(0, 2), wide] },
        rows: [['b', day, 2.5]],
      };
      const changes = { create: [], add: [], widen: [{ table: orders(), column: wide }] };
      await warehouse.load(unit([batch], { changes }));
      await warehouse.load(unit([], { changes }));
      const found = await warehouse.rows(orders(), [wide], ['a', 'b']);
      assert.deepEqual([found.get('a'), found.get('b')], [[3], [2.5]]);
      const shape = (await warehouse.tables(schema)).find(({ name }) => name === 'order_done');
      assert.equal(shape?.columns.find(({ name }) => name === 'seats')?.type, 'float');
      assert.equal(stand.rest?.statements.filter((sql) => /set data type/.test(sql)).length, 1);
    });

    it('forgets users, and the cursors of a stream', async () => {
      const rows = order(['a', day, 'ada'], ['b', day, 'bob'], ['c', day]);
      await warehouse.load(unit([rows, user(['ada', 'pro'], ['bob', 'free'])]));
      assert.equal(await warehouse.deleteUsers(schema, ['ada', "nobody's"]), 2);
      const found = await select(`select id from ${t('order_done')} order by id`);
      assert.deepEqual(found.flat(), ['b', 'c']);
      await warehouse.forget('w', stream);
      const left = (await warehouse.cursors('w')).filter((one) => one.stream === stream);
      assert.deepEqual(left, []);
    });

    it('runs only what reads, and gives all rows page by page', async () => {
      const rows = Array.from({ length: 5 }, (_, index) => [`o${index}`, day]);
      await warehouse.load(unit([order(...rows)]));
      const refused = { code: 'input_validation' };
      await assert.rejects(select(`drop table ${t('order_done')}`), refused);
      await assert.rejects(select('select nothing from nowhere'), refused);
      const read: unknown[] = [];
      const sql = `select id from ${t('order_done')} order by id`;
      const { signal } = new AbortController();
      for await (const page of warehouse.read(sql, { timeoutMs: 10_000, signal })) {
        read.push(...page.rows.flat());
      }
      assert.deepEqual(read, ['o0', 'o1', 'o2', 'o3', 'o4']);
    });

    it('passes its test, and fails it with the reason', async () => {
      const options = { dataFolder: '/' };
      assert.deepEqual(await stand.engine.test?.(stand.settings, options), { ok: true });
      if (name === 'BigQuery') return;
      const wrong = await stand.engine.test?.(stand.wrong.settings, options);
      assert.match(wrong?.ok === false ? wrong.message : '', stand.wrong.words);
    });
  });
}
