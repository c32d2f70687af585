/** A lake of Parquet files in a bucket, against a server of another maker. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '../../src/core/clock.ts';
import { silentLogger } from '../../src/core/logger.ts';
import type { LoadUnit, TableBatch, Warehouse } from '../../src/core/warehouse-engine.ts';
import { parseS3Url } from '../../src/storage/objects/s3/s3-url.ts';
import { openObjectStore } from '../../src/storage/open-object-store.ts';
import { parquetEngine } from '../../src/storage/warehouses/parquet/parquet-engine.ts';
import { type S3, startS3 } from '../rig/s3.ts';
import { type TempFolder, tempFolder } from '../rig/temp-folder.ts';
import { python } from '../services/toolchains.ts';

const skip = python.find() === undefined && 'Python cannot be installed here';
const columns = [
  { name: 'id', type: 'text' },
  { name: 'received_at', type: 'timestamp' },
] as const;
const orders = { schema: 'web', name: 'order_done', columns };
const users = {
  schema: 'web',
  name: 'users',
  columns: [
    { name: 'id', type: 'text' },
    { name: 'plan', type: 'text' },
  ],
} as const;

describe('a lake in a bucket', { skip }, () => {
  let s3: S3;
  let url: string;
  let folder: TempFolder;
  let lake: Warehouse;
  let at = 0;
  before(async () => {
    s3 = await startS3();
    url = await s3.url('a/lake');
    folder = await tempFolder('lake');
    lake = await open();
  });
  after(async () => {
    await lake.close();
    await s3.stop();
    await folder.remove();
  });

  const settings = () => {
    const { bucket, prefix, login } = parseS3Url(url);
    return { bucket, prefix, endpoint: s3.endpoint, region: 'us-east-1', ...login };
  };
  const open = (temp = 'temp') =>
    parquetEngine(systemClock).open(settings(), {
      ...{ dataFolder: folder.path, tempFolder: join(folder.path, temp), logger: silentLogger },
    });
  const unit = (tables: readonly TableBatch[]): LoadUnit => {
    const from = at === 0 ? undefined : { position: at, stamp: { input: at, item: 0 } };
    at += 1;
    return {
      ...{ id: `w/live/0/${at}`, warehouse: 'w', stream: 'live', partition: 0, from, tables },
      to: { position: at, stamp: { input: at, item: 0 } },
      schemas: [{ sourceId: 'src', schema: 'web' }],
      changes: { create: [orders, users], add: [], widen: [] },
    };
  };
  const order = (...ids: string[]): TableBatch => ({
    ...{ table: orders, merge: 'append', columns },
    rows: ids.map((id) => [id, '2026-11-20T10:00:00.000Z']),
  });
  const user = (id: string, plan: string): TableBatch => ({
    ...{ table: users, merge: 'replace', columns: users.columns, rows: [[id, plan]] },
  });
  const select = async (sql: string) =>
    (await lake.query(sql, { rows: 1_000, offset: 0, timeoutMs: 30_000 })).rows;
  const keys = async () => {
    const store = await openObjectStore(url, { clock: systemClock });
    const found: string[] = [];
    for await (const { key } of store.list('data/')) found.push(key);
    await store.close();
    return found;
  };

  it('is loaded, queried and opened again', async () => {
    await lake.load(unit([order('a', 'b'), user('ada', 'free')]));
    await lake.load(unit([order('c'), user('ada', 'pro')]));
    await lake.close();
    lake = await open();
    const found = await select('select id from web.order_done order by id');
    assert.deepEqual(found.flat(), ['a', 'b', 'c']);
    assert.deepEqual(await select('select * from web.users'), [['ada', 'pro']]);
    const rows = await lake.rows(users, users.columns, ['ada']);
    assert.deepEqual(rows.get('ada'), ['ada', 'pro']);
  });

  it('knows a repeated unit, and rows that another stream brings again', async () => {
    const again = unit([order('d')]);
    await lake.load(again);
    assert.deepEqual(await lake.load(again), []);
    const backfill = { ...again, id: 'w/backfill', stream: 'backfill', from: undefined };
    const [loaded] = await lake.load({ ...backfill, tables: [order('a', 'd', 'e')] });
    assert.equal(loaded?.rows, 1);
    assert.deepEqual(await select('select count(*) from web.order_done'), [[5]]);
  });

  it('lets one of two writers in', async () => {
    const other = await open('other');
    const next = unit([order('f')]);
    await lake.load(next);
    await assert.rejects(other.load({ ...next, id: 'other' }), { code: 'lease_lost' });
    await other.close();
  });

  it('merges small files, and deletes what a writer that died has left', async () => {
    for (let index = 0; index < 10; index += 1) await lake.load(unit([order(`m${index}`)]));
    assert.deepEqual(await select('select count(distinct id) from web.order_done'), [[16]]);
    assert.ok((await keys()).length < 10, (await keys()).join('\n'));
    const store = await openObjectStore(url, { clock: systemClock });
    const left = 'data/web/order_done/day=2026-11-20/999999999999-0.parquet';
    await store.put(left, Buffer.from('half of a file'));
    const intent = JSON.stringify({ seq: 999_999_999_999, keys: [left] });
    await store.put('manifest/intent.json', Buffer.from(intent));
    await lake.close();
    lake = await open();
    assert.equal(await store.find(left), undefined);
    await store.close();
    assert.deepEqual(await select('select count(*) from web.order_done'), [[16]]);
  });

  it('passes its test, and fails it in words where there is no such bucket', async () => {
    const { test } = parquetEngine(systemClock);
    const options = { dataFolder: folder.path };
    assert.deepEqual(await test?.(settings(), options), { ok: true });
    const nowhere = await test?.({ ...settings(), bucket: 'no-such-bucket' }, options);
    assert.match(nowhere?.ok === false ? nowhere.message : '', /bucket/i);
  });
});
