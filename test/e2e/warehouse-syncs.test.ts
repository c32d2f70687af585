/** docs/guides/warehouses.md: when a warehouse is loaded, what of it, and what is seen of it. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Client } from 'pg';
import { api, firstSource, valueAt } from '../rig/api.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { postgresPassword, startPostgres } from '../rig/postgres.ts';
import { type Server, startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';

async function start(t: TestContext): Promise<Server> {
  const folder = await tempFolder('warehouse-syncs');
  const server = await startServer({ folder: folder.path });
  t.after(async () => {
    await server.kill();
    await folder.remove();
  });
  // The command line does not wait for the control plane.
  await api(server, 'GET', '/sources');
  return server;
}

let sent = 0;

/** Sends one event of this name; its id. */
async function send(server: Server, event: string): Promise<string> {
  sent += 1;
  const messageId = `${event}-${sent}`;
  const batch = [{ type: 'track', event, userId: 'u', messageId }];
  assert.equal((await track(server, '/v1/batch', { batch })).status, 200);
  return messageId;
}

async function run(server: Server, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await startCommand(args, environmentOf(server)).done;
  assert.equal(code, 0, stderr);
  return stdout;
}

const sync = async (server: Server, ...args: readonly string[]) => {
  const done: unknown = JSON.parse(await run(server, 'sync', ...args));
  assert.equal(valueAt(done, 'status'), 'SUCCESS', JSON.stringify(done));
  return done;
};

const ids = async (server: Server, table: string): Promise<string[]> => {
  const text = await run(server, 'sql', '--json', `select id from http_api.${table} order by id`);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).id);
};

async function firstWarehouse(server: Server): Promise<string> {
  const answer = await api(server, 'GET', '/warehouses?pagination[count]=10');
  return String(valueAt(answer, 'data.warehouses.0.id'));
}

test('a sync that is asked for loads all that was acknowledged before, however little before', async (t) => {
  const server = await start(t);
  await run(server, 'sync-schedule', '--manual');
  const expected: string[] = [];
  for (let round = 0; round < 5; round += 1) {
    expected.push(await send(server, 'Round'));
    await sync(server);
    assert.deepEqual(await ids(server, 'round'), expected.toSorted());
  }
  // An insert function has answered before, too.
  const made = await api(server, 'POST', '/functions', {
    ...{ resourceType: 'INSERT_SOURCE', displayName: 'Slow' },
    code: `async function onTrack(event) {
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return event;
    }`,
  });
  const functionId = String(valueAt(made, 'data.function.id'));
  await api(server, 'POST', `/functions/${functionId}/deploy`);
  const integrationId = await firstSource(server);
  const place = { functionId, integrationId, name: 'In front', enabled: true, settings: {} };
  await api(server, 'POST', '/insert-function-instances', place);
  // The worker may hear of it a moment later.
  await eventually('the function is in front', async () => {
    await send(server, 'Probe');
    const began = performance.now();
    await sync(server);
    return performance.now() - began > 1_500;
  });
  expected.push(await send(server, 'Round'));
  await sync(server);
  assert.deepEqual(await ids(server, 'round'), expected.toSorted());
  const table = await run(server, 'syncs');
  assert.match(table, / http-api +SUCCESS +2 /);
});

test('a schedule is set by the command line, counts at once, and is shown with the next sync', async (t) => {
  const server = await start(t);
  const shown = async (...args: readonly string[]) =>
    JSON.parse(await run(server, 'sync-schedule', ...args));
  assert.partialDeepStrictEqual(await shown(), {
    schedule: { strategy: 'DEFAULT', config: { interval: '1m' } },
  });
  const manual = await shown('--manual');
  assert.deepEqual([manual.schedule.strategy, manual.nextSyncAt], ['MANUAL', null]);
  const zone = 'Asia/Kathmandu';
  const cron = await shown('--cron', '15 0 * * *', '--timezone', zone);
  // Kathmandu is 5:45 ahead.
  assert.match(cron.nextSyncAt, /T18:30:00\.000Z$/);
  assert.ok(Date.parse(cron.nextSyncAt) > Date.now());
  const refused = await startCommand(
    ['sync-schedule', '--cron', '0 0 31 2 *'],
    environmentOf(server),
  ).done;
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /names no moment that ever comes/);
  const event = await send(server, 'Scheduled');
  // The last sync was long before: the interval is over the moment it is set.
  await eventually(
    'the schedule has loaded the event',
    async () => {
      const { schedule, nextSyncAt } = await shown('--every', '1m');
      assert.deepEqual(schedule, { strategy: 'PERIODIC', config: { interval: '1m' } });
      assert.ok(nextSyncAt !== null);
      const found = await ids(server, 'scheduled').catch(() => []);
      return found[0] === event;
    },
    { within: 180_000 },
  );
});

test('a schedule is part of the configuration as code, there and back', async (t) => {
  const server = await start(t);
  const folder = await tempFolder('schedule-as-code');
  t.after(() => folder.remove());
  const files = join(folder.path, 'files');
  mkdirSync(files);
  const file = join(files, 'all.yaml');
  const of = (schedule: string) =>
    writeFileSync(file, `warehouses:\n  - { name: DuckDB, kind: duckdb, schedule: ${schedule} }\n`);
  const apply = () => run(server, 'apply', files, '--yes');
  const shown = async () => JSON.parse(await run(server, 'sync-schedule')).schedule;
  of('{ strategy: PERIODIC, config: { interval: 6h } }');
  assert.match(await apply(), /^~ warehouse DuckDB: schedule$/m);
  assert.deepEqual(await shown(), { strategy: 'PERIODIC', config: { interval: '6h' } });
  const nothing = '0 to make, 0 to change, 0 to remove\n';
  assert.equal(await apply(), nothing);
  const exported = join(folder.path, 'exported');
  await run(server, 'export', exported);
  assert.equal(await run(server, 'apply', exported, '--yes', '--prune'), nothing);
  of('{ strategy: DEFAULT }');
  await apply();
  assert.equal((await shown()).strategy, 'DEFAULT');
  assert.equal(await apply(), nothing);
});

test('a source that is switched on again is caught up; a collection, and a source that is connected again, by a back-fill', async (t) => {
  const server = await start(t);
  const warehouse = await firstWarehouse(server);
  const source = await firstSource(server);
  await run(server, 'sync-schedule', '--manual');
  const select = (override: object) =>
    api(server, 'PATCH', `/warehouses/${warehouse}/selective-sync`, {
      syncOverrides: [{ sourceId: source, ...override }],
    });
  const first = await send(server, 'Source');
  await sync(server);
  await select({ enabled: false });
  const off = await send(server, 'Source');
  await sync(server);
  assert.deepEqual(await ids(server, 'source'), [first]);
  await select({ enabled: true });
  const both = [first, off].toSorted();
  await eventually(
    'the source is caught up',
    async () => (await ids(server, 'source')).length === both.length,
    { within: 60_000 },
  );
  assert.deepEqual(await ids(server, 'source'), both);

  await send(server, 'Table');
  await sync(server);
  const [before] = await ids(server, 'table').catch(() => ids(server, '_table'));
  const path = `/warehouses/${warehouse}/connected-sources/${source}`;
  await api(server, 'DELETE', path);
  const apart = await send(server, 'Apart');
  await sync(server);
  await api(server, 'POST', path);
  const again = await send(server, 'Apart');
  await sync(server);
  // From its new connection on: what came meanwhile is for a back-fill.
  assert.deepEqual(await ids(server, 'apart'), [again]);
  assert.ok(before !== undefined);
  const from = new Date(Date.now() - 3_600_000).toISOString();
  await sync(server, '--from', from, '--source', 'http-api', '--collection', 'Apart');
  assert.deepEqual(await ids(server, 'apart'), [apart, again].toSorted());
  // Of that table alone.
  const missing = await run(
    server,
    'sql',
    '--json',
    `select count(*) n from http_api.tracks where id = '${apart}'`,
  );
  assert.equal(JSON.parse(missing).n, 0);
  await sync(server, '--from', from, '--source', source);
  const there = await run(
    server,
    'sql',
    '--json',
    `select count(*) n from http_api.tracks where id = '${apart}'`,
  );
  assert.equal(JSON.parse(there).n, 1);
});

test('warehouses that hang are shown running, keep no other from being loaded, and none from stopping', async (t) => {
  const server = await start(t);
  const postgres = await startPostgres();
  t.after(() => postgres.remove());
  const database = new URL(await postgres.url()).pathname.slice(1);
  const login = { host: '127.0.0.1', port: postgres.port, database };
  const settings = {
    ...login,
    port: String(postgres.port),
    username: 'tributary',
    password: postgresPassword,
  };
  const body = { metadataId: 'postgres', settings };
  const make = async (name: string) => {
    const made = await api(server, 'POST', '/warehouses', { ...body, name });
    return String(valueAt(made, 'data.warehouse.id'));
  };
  const names = ['One', 'Two'];
  const made: string[] = [];
  for (const name of names) made.push(await make(name));
  await run(server, 'sync-schedule', '--manual');
  await send(server, 'First');
  for (const name of names) await sync(server, '--warehouse', name);
  const client = new Client({ ...login, user: 'tributary', password: postgresPassword });
  // Its server is gone before it.
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin; lock table _tributary.cursors in access exclusive mode');
  await send(server, 'Second');
  for (const id of made) await api(server, 'POST', `/warehouses/${id}/syncs`, {});
  await eventually(
    'both are shown running',
    async () => {
      for (const id of made) {
        const reports = await api(server, 'GET', `/warehouses/${id}/syncs`).catch(() => undefined);
        const { status, end } = Object(valueAt(reports, 'data.reports.0'));
        if (status !== 'RUNNING' || end !== null) return false;
      }
      return true;
    },
    { within: 180_000, every: 31_000 },
  );
  await sync(server, '--warehouse', 'DuckDB');
  assert.equal((await ids(server, 'second')).length, 1);
  await server.stop();
});
