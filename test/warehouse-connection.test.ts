import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { warehouseEngine } from '../src/storage/warehouses/warehouse-engines.ts';
import { createWarehouseTest } from '../src/warehouses/connection-test/create-warehouse-test.ts';
import { freePort } from './rig/free-port.ts';
import { type Postgres, postgresPassword, startPostgres } from './rig/postgres.ts';
import { type TempFolder, tempFolder } from './rig/temp-folder.ts';
import { postgres } from './services/postgres.ts';

describe('the test of a warehouse in a file', () => {
  let folder: TempFolder;
  before(async () => {
    folder = await tempFolder('warehouse');
  });
  after(() => folder.remove());
  const test = (slug: string, settings: { path?: string }) =>
    createWarehouseTest(folder.path, warehouseEngine)(slug, settings);

  it('passes where a DuckDB file is or could be made, and makes nothing', async () => {
    assert.deepEqual(await test('duckdb', { path: 'warehouse.duckdb' }), { ok: true });
    assert.deepEqual(await test('duckdb', { path: 'new/deep/w.duckdb' }), { ok: true });
    assert.deepEqual(readdirSync(folder.path), []);
    writeFileSync(join(folder.path, 'there.duckdb'), `${'\0'.repeat(8)}DUCK${'\0'.repeat(20)}`);
    writeFileSync(join(folder.path, 'empty.duckdb'), '');
    assert.deepEqual(await test('duckdb', { path: 'there.duckdb' }), { ok: true });
    assert.deepEqual(await test('duckdb', { path: 'empty.duckdb' }), { ok: true });
  });

  it('fails at another file, at a folder, and below a file', async () => {
    writeFileSync(join(folder.path, 'notes.txt'), 'these are no tables, only notes');
    const other = await test('duckdb', { path: 'notes.txt' });
    assert.match(other.ok ? '' : other.message, /not a file of DuckDB/);
    const below = await test('duckdb', { path: 'notes.txt/w.duckdb' });
    assert.match(below.ok ? '' : below.message, /not a folder/);
    const itself = await test('duckdb', { path: '.' });
    assert.match(itself.ok ? '' : itself.message, /is a folder/);
  });

  it('takes a folder for Parquet, and says what else would be needed', async () => {
    mkdirSync(join(folder.path, 'lake'));
    assert.deepEqual(await test('s3-parquet', { path: 'lake' }), { ok: true });
    const bucket = await test('s3-parquet', {});
    assert.match(bucket.ok ? '' : bucket.message, /needs a bucket, or a folder/);
    const other = await test('no-such-kind', {});
    assert.match(other.ok ? '' : other.message, /no code to reach no-such-kind/);
  });
});

const absent = postgres.find() === undefined && 'PostgreSQL is not installed';

describe('the test of a warehouse on PostgreSQL', { skip: absent }, () => {
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server.remove());
  const test = (more: object = {}) =>
    createWarehouseTest('/', warehouseEngine)('postgres', {
      ...{ host: '127.0.0.1', port: String(server.port), database: 'postgres' },
      ...{ username: 'tributary', password: postgresPassword },
      ...more,
    });

  it('passes when the server takes the user', async () => {
    assert.deepEqual(await test(), { ok: true });
  });

  it('fails with the reason: the password, the database, the port', async () => {
    const reason = async (more: object) => {
      const result = await test(more);
      return result.ok ? 'it passed' : result.message;
    };
    assert.match(await reason({ password: 'wrong' }), /password authentication failed/);
    assert.match(await reason({ database: 'none' }), /"none" does not exist/);
    assert.match(await reason({ port: String(await freePort()) }), /ECONNREFUSED/);
    assert.match(await reason({ port: 'x' }), /port must be/);
  });

  it('fails at a server that speaks something else', async () => {
    const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((ready) => other.listen(0, '127.0.0.1', ready));
    const address = other.address();
    assert(typeof address === 'object' && address !== null);
    assert.equal((await test({ port: String(address.port) })).ok, false);
    other.close();
  });
});
