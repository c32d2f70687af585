/** docs/guides/warehouses.md: from the first start to SQL on one's own events, in DuckDB and in PostgreSQL. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { api, firstSource, valueAt } from '../rig/api.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { postgresPassword, startPostgres } from '../rig/postgres.ts';
import { type Server, startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';

async function start(t: TestContext): Promise<Server> {
  const folder = await tempFolder('warehouse');
  const server = await startServer({ folder: folder.path });
  t.after(async () => {
    await server.kill();
    await folder.remove();
  });
  // The command line does not wait for the control plane.
  await api(server, 'GET', '/sources');
  return server;
}

async function send(server: Server, ...events: readonly object[]): Promise<void> {
  const answer = await track(server, '/v1/batch', { batch: events });
  assert.equal(answer.status, 200);
}

const order = (n: number) => ({
  type: 'track',
  event: 'Order Completed',
  userId: `u${n}`,
  messageId: `order-${n}`,
  properties: { price: n + 0.5 },
});
const identify = { type: 'identify', userId: 'u1', traits: { email: 'u1@example.com' } };

async function run(server: Server, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await startCommand(args, environmentOf(server)).done;
  assert.equal(code, 0, stderr);
  return stdout;
}

async function synced(server: Server, warehouse: string, body = {}): Promise<unknown> {
  const path = `/warehouses/${warehouse}/syncs`;
  const id = valueAt(await api(server, 'POST', path, body), 'data.sync.id');
  return eventually('the sync has ended', async () => {
    const sync = valueAt(await api(server, 'GET', `${path}/${id}`), 'data.sync');
    return valueAt({ sync }, 'sync.status') !== 'WAITING' && sync;
  });
}

test('a new user’s events are in DuckDB, by the command line and for any DuckDB after the stop', async (t) => {
  const server = await start(t);
  await send(server, order(1), order(2), identify);
  // What was acknowledged before is loaded by one sync.
  assert.equal(valueAt(JSON.parse(await run(server, 'sync')), 'status'), 'SUCCESS');
  const sql = 'select event_text, sum(price) total from http_api.order_completed group by 1';
  assert.equal(
    await run(server, 'sql', '--json', sql),
    '{"event_text":"Order Completed","total":4}\n',
  );
  const refused = await startCommand(['sql', 'drop table http_api.users'], environmentOf(server))
    .done;
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /Only a statement that reads/);
  const warehouse = valueAt(
    await api(server, 'GET', '/warehouses?pagination[count]=10'),
    'data.warehouses.0.id',
  );
  const reports = await api(server, 'GET', `/warehouses/${warehouse}/syncs`);
  assert.equal(valueAt(reports, 'data.reports.0.status'), 'SUCCESS');
  await server.stop();
  const instance = await DuckDBInstance.create(join(server.folder, 'data', 'warehouse.duckdb'), {
    access_mode: 'READ_ONLY',
  });
  const connection = await instance.connect();
  const rows = await (await connection.run('select email from http_api.users')).getRowsJson();
  connection.closeSync();
  instance.closeSync();
  assert.deepEqual(rows, [['u1@example.com']]);
});

test('a warehouse on PostgreSQL takes what comes, a back-fill brings what came before, a failure is said in words', async (t) => {
  const server = await start(t);
  const postgres = await startPostgres();
  t.after(() => postgres.remove());
  const database = new URL(await postgres.url()).pathname.slice(1);
  await send(server, order(1), order(2));
  const settings = {
    host: '127.0.0.1',
    port: String(postgres.port),
    database,
    username: 'tributary',
  };
  const body = { metadataId: 'postgres', name: 'PG', settings: { ...settings, password: 'wrong' } };
  const made = await api(server, 'POST', '/warehouses', body);
  const id = String(valueAt(made, 'data.warehouse.id'));
  await send(server, order(3), identify);
  const failed = await eventually(
    'the sync has failed',
    async () => {
      const sync = await synced(server, id);
      return valueAt({ sync }, 'sync.status') === 'FAILURE' && sync;
    },
    { within: 60_000 },
  );
  assert.match(
    String(valueAt({ failed }, 'failed.notices.0.message')),
    /password authentication failed/,
  );
  const history = await run(server, 'syncs', '--warehouse', 'PG');
  assert.match(history, /FAILURE.*password authentication failed for user "tributary"/);
  await api(server, 'PATCH', `/warehouses/${id}`, {
    settings: { ...settings, password: postgresPassword },
  });
  const orders = async () => {
    const answer = await api(server, 'POST', `/warehouses/${id}/query`, {
      sql: 'select id from http_api.order_completed order by id',
    });
    return valueAt(answer, 'data.rows');
  };
  const isThere = async (sync: () => Promise<unknown>, expected: readonly string[]) =>
    eventually(
      `${expected} are loaded`,
      async () => {
        await sync();
        const rows = await orders().catch(() => undefined);
        return JSON.stringify(rows) === JSON.stringify(expected.map((one) => [one]));
      },
      { within: 60_000 },
    );
  await isThere(() => synced(server, id), ['order-3']);
  const source = await firstSource(server);
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const backfill = { from, sourceId: source };
  await isThere(() => synced(server, id, backfill), ['order-1', 'order-2', 'order-3']);
  const [users] = await postgres.query('select count(*)::int as n from http_api.users', database);
  assert.deepEqual(users, { n: 1 });
});
