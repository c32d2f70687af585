/** Reverse ETL end to end: SQL on a warehouse, an action of Segment's library, a server that is killed. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isJsonObject, type JsonObject } from '../../src/core/json.ts';
import {
  bodyOf,
  type LoopbackServer,
  loopbackServer,
} from '../../src/core/testing/loopback-server.ts';
import { addLibraryDestination } from '../rig/add-library-destination.ts';
import { api, firstSource, valueAt } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import { type Postgres, postgresPassword, startPostgres } from '../rig/postgres.ts';
import { type Server, startServer } from '../rig/server.ts';
import { type TempFolder, tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';
import { postgres } from '../services/postgres.ts';

const absent = postgres.find() === undefined && 'PostgreSQL is not installed';

describe('reverse ETL', () => {
  let folder: TempFolder;
  let vendor: LoopbackServer;
  let server: Server;
  let taken: JsonObject[] = [];
  let slowMs = 0;
  before(async () => {
    folder = await tempFolder('reverse-etl');
    vendor = await loopbackServer(async (request, response) => {
      const body: JsonObject | JsonObject[] = JSON.parse(await bodyOf(request));
      if (slowMs > 0) await new Promise((done) => setTimeout(done, slowMs));
      taken.push(...(Array.isArray(body) ? body : [body]));
      response.end('{}');
    });
    server = await startServer({ folder: folder.path });
  });
  after(async () => {
    await server.kill();
    await vendor.close();
    await folder.remove();
  });

  /** A model on a warehouse, and a subscription of a webhook that takes its rows; returns how to sync it. */
  async function subscribe(warehouseId: string, query: string) {
    const sourceId = await firstSource(server);
    const model = await api(server, 'POST', '/reverse-etl-models', {
      ...{ sourceId, name: 'Customers', query, queryIdentifierColumn: 'id' },
    });
    const modelId = String(valueAt(model, 'data.reverseEtlModel.id'));
    await api(server, 'PATCH', `/sources/${sourceId}`, { settings: { warehouseId } });
    const destination = await addLibraryDestination(server, {
      ...{ slug: 'actions-webhook', action: 'send', modelId },
      trigger: 'event = "new" or event = "updated" or event = "deleted"',
      mapping: {
        ...{ url: vendor.url, method: 'POST', enable_batching: true, batch_size: 100 },
        data: {
          id: { '@path': '$.properties.id' },
          change: { '@path': '$.event' },
          row: { '@path': '$.properties' },
          messageId: { '@path': '$.messageId' },
        },
      },
    });
    const listed = await api(server, 'GET', `/destinations/${destination}/subscriptions`);
    const subscriptionId = String(valueAt(listed, 'data.subscriptions.0.id'));
    const begin = async () => {
      const body = { sourceId, modelId, subscriptionId };
      const started = await api(server, 'POST', '/reverse-etl-syncs', body);
      return String(valueAt(started, 'data.reverseETLManualSync.syncId'));
    };
    const ended = (syncId: string) =>
      eventually(
        'the sync has ended',
        async () => {
          const path = `/reverse-etl-models/${modelId}/syncs/${syncId}`;
          const status = valueAt(await api(server, 'GET', path), 'data.reverseETLSyncStatus');
          return isJsonObject(status) && status['finishedAt'] !== undefined && status;
        },
        { within: 90_000 },
      );
    return { begin, ended, sync: async () => ended(await begin()) };
  }

  const changes = () => taken.map(({ change, id }) => `${change} ${id}`).toSorted();

  it('sends the users of a DuckDB warehouse to an action, and then what has changed', async () => {
    const listed = await api(server, 'GET', '/warehouses?pagination[count]=1');
    const warehouseId = String(valueAt(listed, 'data.warehouses.0.id'));
    const source = valueAt(await api(server, 'GET', '/sources'), 'data.sources.0.slug');
    const schema = String(source).replaceAll('-', '_');
    const identify = (userId: string, plan: string) =>
      track(server, '/v1/identify', { userId, traits: { plan } });
    const load = async (what: string, plan: string) => {
      await eventually(
        what,
        async () => {
          // Anew each time: a sync loads what process has written when it runs.
          await api(server, 'POST', `/warehouses/${warehouseId}/syncs`, {});
          const sql = `select count(*) from ${schema}.users where plan = '${plan}'`;
          const path = `/warehouses/${warehouseId}/query`;
          const answer = await api(server, 'POST', path, { sql }).catch(() => undefined);
          return valueAt(answer, 'data.rows.0.0') === 1;
        },
        { within: 60_000, every: 1_000 },
      );
    };
    await identify('ada', 'free');
    await identify('bob', 'trial');
    await load('both are loaded', 'trial');
    const { sync } = await subscribe(warehouseId, `select id, plan from ${schema}.users`);
    assert.partialDeepStrictEqual(await sync(), {
      ...{ syncStatus: 'SUCCESS' },
      extractPhase: { addedCount: '2', extractCount: '2' },
      loadPhase: { deliverSuccessCount: '2', deliverFailureCount: '0' },
    });
    assert.deepEqual(changes(), ['new ada', 'new bob']);
    taken = [];
    await identify('ada', 'pro');
    await load('the change is loaded', 'pro');
    assert.partialDeepStrictEqual(await sync(), { extractPhase: { updatedCount: '1' } });
    assert.deepEqual(changes(), ['updated ada']);
    assert.deepEqual(taken[0]?.['row'], { id: 'ada', plan: 'pro' });
    taken = [];
  });

  describe('of PostgreSQL', { skip: absent }, () => {
    let database: Postgres;
    before(async () => {
      database = await startPostgres();
    });
    after(() => database.remove());

    it('goes on after kill -9, sends each row, and repeats only with the same messageId', async () => {
      await database.query(
        `create table customers as select n as id, 'plan ' || n % 3 as plan, now() as at from generate_series(1, 3000) n`,
      );
      const made = await api(server, 'POST', '/warehouses', {
        ...{ metadataId: 'postgres', name: 'Customers', disconnectAllSources: true },
        settings: {
          ...{ host: '127.0.0.1', port: String(database.port), database: 'postgres' },
          ...{ username: 'tributary', password: postgresPassword },
        },
      });
      const warehouseId = String(valueAt(made, 'data.warehouse.id'));
      const query = 'select id, plan, at from customers';
      const { begin, ended, sync } = await subscribe(warehouseId, query);
      slowMs = 200;
      const id = await begin();
      await eventually('some were sent', () => taken.length >= 600, { within: 60_000 });
      await server.kill();
      slowMs = 0;
      server = await startServer({ folder: folder.path });
      assert.partialDeepStrictEqual(await ended(id), { syncStatus: 'SUCCESS' });
      const ids = new Map<unknown, Set<unknown>>();
      for (const { id: row, messageId } of taken) {
        ids.set(row, (ids.get(row) ?? new Set()).add(messageId));
      }
      assert.equal(ids.size, 3_000);
      assert.deepEqual(
        [...ids.values()].filter((messages) => messages.size > 1),
        [],
      );
      taken = [];
      await database.query(
        "delete from customers where id = 7; update customers set plan = 'new' where id = 8",
      );
      assert.partialDeepStrictEqual(await sync(), {
        extractPhase: { addedCount: '0', updatedCount: '1', deletedCount: '1' },
      });
      assert.deepEqual(changes(), ['deleted 7', 'updated 8']);
    });

    it('says what the database said of a query that it cannot run', async () => {
      const made = await api(server, 'GET', '/warehouses');
      const warehouseId = String(valueAt(made, 'data.warehouses.1.id'));
      const { sync } = await subscribe(warehouseId, 'select id from no_such_table');
      const status = await sync();
      assert.equal(status['syncStatus'], 'FAIL');
      assert.match(String(status['error']), /no_such_table/);
    });
  });
});
