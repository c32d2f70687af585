/** The engine of ClickHouse, by its official client, against ClickHouse's own engine. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createClient } from '@clickhouse/client';
import { silentLogger } from '../../src/core/logger.ts';
import type {
  CellValue,
  LoadUnit,
  TableBatch,
  TableShape,
  Warehouse,
} from '../../src/core/warehouse-engine.ts';
import { clickhouseEngine } from '../../src/storage/warehouses/clickhouse/clickhouse-engine.ts';
import { type Clickhouse, startClickhouse } from '../rig/clickhouse/start-clickhouse.ts';
import { freePort } from '../rig/free-port.ts';
import { python } from '../services/toolchains.ts';

const skip = python.find() === undefined && 'Python cannot be installed here';

describe('a warehouse on ClickHouse', { skip }, () => {
  let server: Clickhouse;
  let warehouse: Warehouse;
  let at = 0;
  let schema = '';
  let made = 0;
  let stream = '';
  before(async () => {
    server = await startClickhouse();
    warehouse = await open();
  });
  after(async () => {
    await warehouse.close();
    await server.stop();
  });
  beforeEach(() => {
    made += 1;
    at = 0;
    [schema, stream] = [`web${made}`, `live${made}`];
  });

  const settings = (more: object = {}) => ({
    ...{ host: '127.0.0.1', port: String(server.port), database: 'default', secure: false },
    ...{ username: 'tributary', password: 'right', ...more },
  });
  const open = () =>
    clickhouseEngine.open(settings(), { dataFolder: '/', tempFolder: '/', logger: silentLogger });
  const columns = [
    { name: 'id', type: 'text' },
    { name: 'received_at', type: 'timestamp' },
    { name: 'user_id', type: 'text' },
    { name: 'price', type: 'float' },
    { name: 'seats', type: 'integer' },
    { name: 'paid', type: 'boolean' },
  ] as const;
  const orders = (): TableShape => ({ schema, name: 'order_done', columns });
  const users = (): TableShape => ({
    ...{ schema, name: 'users' },
    columns: [
      { name: 'id', type: 'text' },
      { name: 'plan', type: 'text' },
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
  const day = '2026-11-20T10:00:00.123Z';
  const select = async (sql: string) =>
    (await warehouse.query(sql, { rows: 1_000, offset: 0, timeoutMs: 10_000 })).rows;

  it('keeps rows with their types', async () => {
    const text = 'ünï "q", \\n\n\t🙂 \'';
    await warehouse.load(
      unit([
        order(
          ['a', day, 'ada', 1.5, 3, true],
          ['b', '2026-11-21T23:59:59.123456Z', text, null, 9007199254740991, false],
        ),
      ]),
    );
    const found = await warehouse.rows(orders(), columns, ['b', "it's none"]);
    const row = ['b', '2026-11-21T23:59:59.123456Z', text, null, 9007199254740991, false];
    assert.deepEqual([...found], [['b', row]]);
    assert.deepEqual(
      await select(`select id, price, seats from ${schema}.order_done order by id`),
      [
        ['a', 1.5, 3],
        ['b', null, 9007199254740991],
      ],
    );
    assert.deepEqual(await warehouse.tables(schema), [orders(), users()]);
    assert.equal((await warehouse.schemas()).get(`src-${schema}`), schema);
  });

  it('has a unit once that was cut off anywhere, when it is made again', async () => {
    const first = unit([order(['a', day]), user(['ada', 'free'])]);
    await warehouse.load(first);
    const next = unit([order(['b', day], ['c', day]), user(['ada', 'pro'])]);
    const client = createClient({ url: `http://127.0.0.1:${server.port}` });
    // As a loader leaves it that dies before it moves the cursor, and one that dies before any row.
    for (const rowsGone of [false, true]) {
      await warehouse.load(next);
      await client.command({
        query: `insert into default._tributary_cursors values ('w', '${stream}', 0, 1, 1, 0, 2, 0, ${rowsGone ? 200 : 100}, 0)`,
      });
      if (rowsGone) {
        await client.command({ query: `truncate table ${schema}.order_done` });
      }
      const [cursor] = (await warehouse.cursors('w')).filter((one) => one.stream === stream);
      assert.deepEqual(cursor, {
        ...{ stream, partition: 0, position: 1, stamp: { input: 1, item: 0 }, pending: 2 },
      });
      await assert.rejects(warehouse.load({ ...next, to: { ...next.to, position: 3 } }), {
        code: 'lease_lost',
      });
    }
    await client.close();
    await warehouse.load({ ...next, id: `${next.id}/again` });
    assert.deepEqual(await select(`select id from ${schema}.order_done order by id`), [
      ['b'],
      ['c'],
    ]);
    const [cursor] = (await warehouse.cursors('w')).filter((one) => one.stream === stream);
    assert.deepEqual(cursor, { stream, partition: 0, ...next.to });
    await assert.rejects(warehouse.load(next), { code: 'lease_lost' });
  });

  it('drops an insert that is repeated under the token of its unit', async () => {
    await warehouse.load(unit([order(['a', day])]));
    const client = createClient({ url: `http://127.0.0.1:${server.port}` });
    const times = { date_time_input_format: 'best_effort' } as const;
    const [id] = [`w/${stream}/0/1/${schema}.order_done`];
    await client.insert({
      ...{ table: `${schema}.order_done`, columns: ['id', 'received_at'] },
      values: [['other', day]],
      ...{
        format: 'JSONCompactEachRow',
        clickhouse_settings: { ...times, insert_deduplication_token: id },
      },
    });
    await client.close();
    assert.deepEqual(await select(`select id from ${schema}.order_done`), [['a']]);
  });

  it('leaves out rows whose id is there, and has of users the row that came last', async () => {
    await warehouse.load(
      unit([order(['a', day], ['b', day]), user(['ada', 'free'], ['bob', 'x'])]),
    );
    const again = unit([order(['b', day], ['c', day]), user(['ada', 'pro'])]);
    const loaded = await warehouse.load(again);
    assert.deepEqual(loaded[0]?.rows, 1);
    const found = await select(`select id from ${schema}.order_done order by id`);
    assert.deepEqual(found.flat(), ['a', 'b', 'c']);
    assert.deepEqual(await select(`select * from ${schema}.users order by id`), [
      ['ada', 'pro'],
      ['bob', 'x'],
    ]);
    const rows = await warehouse.rows(users(), users().columns, ['ada']);
    assert.deepEqual(rows.get('ada'), ['ada', 'pro']);
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
    assert.deepEqual(await select(`select id, coupon from ${schema}.order_done order by id`), [
      ['a', null],
      ['b', 'X'],
      ['c', null],
    ]);
  });

  it('forgets users, and the cursors of a stream', async () => {
    const rows = order(['a', day, 'ada'], ['b', day, 'bob'], ['c', day]);
    await warehouse.load(unit([rows, user(['ada', 'pro'], ['bob', 'free'])]));
    assert.equal(await warehouse.deleteUsers(schema, ['ada', "nobody's"]), 2);
    const found = await select(`select id from ${schema}.order_done order by id`);
    assert.deepEqual(found.flat(), ['b', 'c']);
    assert.deepEqual((await select(`select id from ${schema}.users`)).flat(), ['bob']);
    await warehouse.forget('w', stream);
    const left = (await warehouse.cursors('w')).filter((one) => one.stream === stream);
    assert.deepEqual(left, []);
  });

  it('runs only what reads, a page of it', async () => {
    await warehouse.load(unit([order(['a', day], ['b', day], ['c', day])]));
    const page = await warehouse.query(`select id from ${schema}.order_done order by id`, {
      ...{ rows: 1, offset: 1, timeoutMs: 10_000 },
    });
    assert.deepEqual([page.rows, page.more], [[['b']], true]);
    assert.deepEqual(page.columns, [{ name: 'id', type: 'String' }]);
    const refused = { code: 'input_validation' };
    await assert.rejects(select(`drop table ${schema}.order_done`), refused);
    await assert.rejects(select('select from'), refused);
  });

  it('passes its test, and fails it with the reason', async () => {
    const { test } = clickhouseEngine;
    const options = { dataFolder: '/' };
    assert.deepEqual(await test?.(settings(), options), { ok: true });
    const reason = async (more: object) => {
      const result = await test?.(settings(more), options);
      return result?.ok === false ? result.message : '';
    };
    assert.match(await reason({ password: 'wrong' }), /Authentication failed/);
    assert.match(await reason({ port: String(await freePort()) }), /ECONNREFUSED/);
  });
});
