import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { systemClock } from '../../../core/clock.ts';
import { silentLogger } from '../../../core/logger.ts';
import type {
  CellValue,
  LoadUnit,
  TableBatch,
  TableShape,
  Warehouse,
} from '../../../core/warehouse-engine.ts';
import { parquetEngine } from './parquet-engine.ts';

const columns = [
  { name: 'id', type: 'text' },
  { name: 'received_at', type: 'timestamp' },
  { name: 'user_id', type: 'text' },
  { name: 'price', type: 'float' },
  { name: 'seats', type: 'integer' },
  { name: 'paid', type: 'boolean' },
  { name: 'overflow', type: 'json' },
] as const;
const orders: TableShape = { schema: 'web', name: 'order_done', columns };
const users: TableShape = {
  schema: 'web',
  name: 'users',
  columns: [
    { name: 'id', type: 'text' },
    { name: 'plan', type: 'text' },
  ],
};

describe('a lake in a folder', () => {
  let folder: string;
  let lake: Warehouse;
  const engine = parquetEngine(systemClock);
  const open = (temp = 'temp') =>
    engine.open(
      { path: 'lake' },
      { dataFolder: folder, tempFolder: join(folder, temp), logger: silentLogger },
    );
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-lake-'));
    lake = await open();
    at = 0;
  });
  afterEach(async () => {
    await lake.close();
    await rm(folder, { recursive: true });
  });

  let at = 0;
  /** The next unit of a stream. */
  const unit = (tables: readonly TableBatch[], more: Partial<LoadUnit> = {}): LoadUnit => {
    const from = at === 0 ? undefined : { position: at, stamp: { input: at, item: 0 } };
    const to = { position: at + 1, stamp: { input: at + 1, item: 0 } };
    at += 1;
    return {
      ...{ id: `w/live/0/${at}`, warehouse: 'w', stream: 'live', partition: 0, from, to },
      schemas: [{ sourceId: 'src', schema: 'web' }],
      changes: { create: [orders, users], add: [], widen: [] },
      tables,
      ...more,
    };
  };
  const order = (...rows: (readonly CellValue[])[]): TableBatch => ({
    ...{ table: orders, merge: 'append', columns, rows },
  });
  const user = (...rows: (readonly CellValue[])[]): TableBatch => ({
    ...{ table: users, merge: 'replace', columns: users.columns, rows },
  });
  const day = (date: string, time = '10:00:00.000') => `${date}T${time}Z`;
  const select = async (sql: string) =>
    (await lake.query(sql, { rows: 1_000, offset: 0, timeoutMs: 10_000 })).rows;
  const files = async () =>
    (await readdir(join(folder, 'lake/data'), { recursive: true }))
      .filter((name) => name.endsWith('.parquet'))
      .toSorted();

  it('keeps rows by table and day, with their types', async () => {
    const text = 'ünï "q", \\n\n🙂';
    await lake.load(
      unit([
        order(
          ['a', day('2026-11-20'), 'ada', 1.5, 3, true, '{"x":"\\u0000"}'],
          ['b', day('2026-11-21', '23:59:59.999'), text, null, 9007199254740991, false, null],
        ),
      ]),
    );
    assert.deepEqual(
      await select(
        'select id, user_id, price, seats, paid, overflow from web.order_done order by id',
      ),
      [
        ['a', 'ada', 1.5, 3, true, '{"x":"\\u0000"}'],
        ['b', text, null, 9007199254740991, false, null],
      ],
    );
    assert.deepEqual(await files(), [
      'web/order_done/day=2026-11-20/000000000001-0.parquet',
      'web/order_done/day=2026-11-21/000000000001-1.parquet',
    ]);
    const found = await lake.rows(orders, columns, ['b', 'none']);
    assert.deepEqual(
      [...found],
      [['b', ['b', day('2026-11-21', '23:59:59.999'), text, null, 9007199254740991, false, null]]],
    );
  });

  it('knows a repeated unit, and refuses one that does not begin at its cursor', async () => {
    const first = unit([order(['a', day('2026-11-20')])]);
    assert.deepEqual(await lake.load(first), [{ table: orders, rows: 1 }]);
    assert.deepEqual(await lake.load(first), []);
    await assert.rejects(lake.load({ ...first, id: 'w/live/0/other' }), { code: 'lease_lost' });
    await lake.close();
    lake = await open();
    assert.deepEqual(await lake.load(first), []);
    const cursors = [{ stream: 'live', partition: 0, ...first.to }];
    assert.deepEqual(await lake.cursors('w'), cursors);
    assert.deepEqual(await select('select count(*) from web.order_done'), [[1]]);
  });

  it('leaves out rows whose id is there, whatever stream brought it', async () => {
    await lake.load(unit([order(['a', day('2026-11-20')], ['b', day('2026-11-20')])]));
    const again = { ...unit([]), stream: 'backfill', id: 'w/backfill/0', from: undefined };
    const rows = order(['b', day('2026-11-20')], ['c', day('2026-11-21')]);
    assert.deepEqual(await lake.load({ ...again, tables: [rows] }), [{ table: orders, rows: 1 }]);
    const found = await select('select id from web.order_done order by id');
    assert.deepEqual(found.flat(), ['a', 'b', 'c']);
  });

  it('has of users the row that came last', async () => {
    await lake.load(unit([user(['ada', 'free'], ['bob', 'free'])]));
    await lake.load(unit([user(['ada', 'pro'])]));
    assert.deepEqual(await select('select * from web.users order by id'), [
      ['ada', 'pro'],
      ['bob', 'free'],
    ]);
    assert.deepEqual(
      [...(await lake.rows(users, users.columns, ['ada']))],
      [['ada', ['ada', 'pro']]],
    );
  });

  it('knows in a view which users have become which', async () => {
    const aliases: TableShape = {
      ...{ schema: 'web', name: 'aliases' },
      columns: [...columns.slice(0, 3), { name: 'previous_id', type: 'text' }],
    };
    const alias = (id: string, previous: string, now: string): TableBatch => ({
      ...{ table: aliases, merge: 'append', columns: aliases.columns },
      rows: [[id, day('2026-11-20'), now, previous]],
    });
    const changes = { create: [users, aliases], add: [], widen: [] };
    const rows = [user(['ada@x', 'pro']), alias('1', 'ada', 'ada@x'), alias('2', 'visitor', 'ada')];
    await lake.load(unit([...rows, user(['visitor', 'free'], ['bob', 'x'])], { changes }));
    assert.deepEqual(await select('select _profile_id, id from web.users_by_profile order by id'), [
      ['ada@x', 'ada@x'],
      ['bob', 'bob'],
      ['ada@x', 'visitor'],
    ]);
  });

  it('has new columns beside files that lack them', async () => {
    await lake.load(unit([order(['a', day('2026-11-20')])]));
    const coupon = { name: 'coupon', type: 'text' } as const;
    const batch: TableBatch = {
      ...{ table: orders, merge: 'append', columns: [...columns.slice(0, 2), coupon] },
      rows: [['b', day('2026-11-20'), 'X']],
    };
    const changes = { create: [], add: [{ table: orders, columns: [coupon] }], widen: [] };
    await lake.load(unit([batch], { changes }));
    assert.deepEqual(await select('select id, coupon from web.order_done order by id'), [
      ['a', null],
      ['b', 'X'],
    ]);
    const [shape] = await lake.tables('web');
    assert.deepEqual(shape?.columns.at(-1), coupon);
  });

  it('merges small files, and has the same rows then', async () => {
    for (let index = 0; index < 20; index += 1) {
      await lake.load(
        unit([order([`o${index}`, day('2026-11-20')]), user(['ada', `plan ${index}`])]),
      );
    }
    const [[count] = []] = await select('select count(distinct id) from web.order_done');
    assert.equal(count, 20);
    assert.deepEqual(await select('select * from web.users'), [['ada', 'plan 19']]);
    assert.ok((await files()).length < 16, 'forty files have become few');
  });

  it('takes 1,500 columns, and leaves files of so many alone', async () => {
    const more = Array.from(
      { length: 1_498 },
      (_, n) => ({ name: `c${n}`, type: 'text' }) as const,
    );
    const wide: TableShape = {
      ...orders,
      name: 'wide',
      columns: [...columns.slice(0, 2), ...more],
    };
    const changes = { create: [wide], add: [], widen: [] };
    for (let index = 0; index < 9; index += 1) {
      const values = more.map((_, n) => `value ${(index * n) % 100}`);
      const rows = [[`o${index}`, day('2026-11-20'), ...values]];
      const batch = { table: wide, merge: 'append', columns: wide.columns, rows } as const;
      await lake.load(unit([batch], { changes }));
    }
    assert.equal((await files()).length, 9);
    assert.deepEqual(await select("select count(*) from web.wide where c1497 like 'value %'"), [
      [9],
    ]);
  });

  it('comes back after a checkpoint as it was, and keeps its manifest short', async () => {
    for (let index = 0; index < 130; index += 1) {
      await lake.load(unit([order([`o${index}`, day('2026-11-20')])]));
    }
    const before = await lake.tables('web');
    await lake.close();
    lake = await open();
    assert.deepEqual(await lake.tables('web'), before);
    assert.deepEqual([...(await lake.schemas())], [['src', 'web']]);
    assert.deepEqual(await select('select count(distinct id) from web.order_done'), [[130]]);
    assert.ok((await readdir(join(folder, 'lake/manifest'))).length <= 105);
  });

  it('does not count files whose writer died before its commit, and deletes them', async () => {
    await lake.load(unit([order(['a', day('2026-11-20')])]));
    const { openDiskObjects } = await import('../../objects/disk/open-disk-objects.ts');
    const store = await openDiskObjects(join(folder, 'lake'), systemClock);
    const key = 'data/web/order_done/day=2026-11-20/000000000002-0.parquet';
    await store.put(key, Buffer.from('half of a file'));
    const intent = {
      seq: 2,
      keys: [key, 'data/web/order_done/day=2026-11-20/000000000001-0.parquet'],
    };
    await store.put('manifest/intent.json', Buffer.from(JSON.stringify(intent)));
    await lake.close();
    lake = await open();
    assert.equal(await store.find(key), undefined);
    assert.deepEqual(await select('select id from web.order_done'), [['a']]);
  });

  it('lets one of two writers in', async () => {
    const other = await open('other');
    const first = unit([order(['a', day('2026-11-20')])]);
    await lake.load(first);
    await assert.rejects(other.load({ ...first, id: 'x' }), { code: 'lease_lost' });
    await other.close();
    assert.deepEqual(await select('select id from web.order_done'), [['a']]);
  });

  it('forgets users', async () => {
    await lake.load(
      unit([
        order(
          ['a', day('2026-11-20'), 'ada'],
          ['b', day('2026-11-20'), 'bob'],
          ['c', day('2026-11-21')],
        ),
        user(['ada', 'pro'], ['bob', 'free']),
      ]),
    );
    assert.equal(await lake.deleteUsers('web', ['ada', 'nobody']), 2);
    assert.deepEqual((await select('select id from web.order_done order by id')).flat(), [
      'b',
      'c',
    ]);
    assert.deepEqual((await select('select id from web.users')).flat(), ['bob']);
    assert.equal(await lake.deleteUsers('web', ['ada']), 0);
    const before = day('2026-11-20');
    assert.equal(await lake.deleteUsers('web', ['bob'], { before }), 1);
    assert.equal((await select('select id from web.order_done')).length, 2);
    assert.deepEqual(await select('select id from web.users'), []);
  });

  it('forgets the cursors of a stream', async () => {
    await lake.load(unit([order(['a', day('2026-11-20')])]));
    await lake.forget('w', 'live');
    assert.deepEqual(await lake.cursors('w'), []);
  });

  it('runs only what reads, and reads nothing but the lake', async () => {
    await lake.load(unit([order(['a', day('2026-11-20')])]));
    const refused = { code: 'input_validation' };
    await assert.rejects(select('drop view web.order_done'), refused);
    await assert.rejects(select("select * from read_text('/etc/passwd')"), refused);
    await assert.rejects(select("copy (select 1) to 'x.csv'"), refused);
  });
});

describe('the test of a lake', () => {
  it('passes where objects can be written, and says why not elsewhere', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'tributary-lake-'));
    const { test } = parquetEngine(systemClock);
    assert.deepEqual(await test?.({ path: 'new' }, { dataFolder }), { ok: true });
    const nowhere = await test?.({}, { dataFolder });
    assert.match(nowhere?.ok === false ? nowhere.message : '', /bucket, or a folder/);
    await writeFile(join(dataFolder, 'file'), 'a file');
    const wrong = await test?.({ path: 'file/lake' }, { dataFolder });
    assert.equal(wrong?.ok, false);
    await rm(dataFolder, { recursive: true });
  });
});
