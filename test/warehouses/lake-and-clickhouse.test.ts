/** A lake and ClickHouse end to end: events by the Tracking API, a server that is killed while it loads. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import { api, valueAt } from '../rig/api.ts';
import { type Clickhouse, startClickhouse } from '../rig/clickhouse/start-clickhouse.ts';
import { eventually } from '../rig/eventually.ts';
import { type Server, startServer } from '../rig/server.ts';
import { type TempFolder, tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';
import { python } from '../services/toolchains.ts';

const skip = python.find() === undefined && 'Python cannot be installed here';
const batches = 40;
const perBatch = 50;

describe('a lake and ClickHouse', { skip }, () => {
  let folder: TempFolder;
  let clickhouse: Clickhouse;
  let server: Server;
  let schema = '';
  const warehouses: Record<string, string> = {};
  before(async () => {
    folder = await tempFolder('lake-and-clickhouse');
    clickhouse = await startClickhouse();
    server = await startServer({ folder: folder.path });
    const source = valueAt(await api(server, 'GET', '/sources'), 'data.sources.0.slug');
    schema = String(source).replaceAll('-', '_');
    const kinds: Record<string, JsonObject> = {
      's3-parquet': { path: 'lake' },
      clickhouse: {
        ...{ host: '127.0.0.1', port: String(clickhouse.port), database: 'default' },
        ...{ username: 'tributary', password: 'right', secure: false },
      },
    };
    for (const [metadataId, settings] of Object.entries(kinds)) {
      const body = { metadataId, name: metadataId, settings };
      const made = await api(server, 'POST', '/warehouses', body);
      warehouses[metadataId] = String(valueAt(made, 'data.warehouse.id'));
    }
  });
  after(async () => {
    await server.kill();
    await clickhouse.stop();
    await folder.remove();
  });

  const count = async (id: string, table: string) => {
    const sql = `select count(*), count(distinct id) from ${schema}.${table}`;
    const answer = await api(server, 'POST', `/warehouses/${id}/query`, { sql }).catch(() => ({}));
    return [valueAt(answer, 'data.rows.0.0'), valueAt(answer, 'data.rows.0.1')];
  };
  const sync = async () => {
    for (const id of Object.values(warehouses)) {
      await api(server, 'POST', `/warehouses/${id}/syncs`, {});
    }
  };

  it('have every event once, whenever the server was killed', async () => {
    for (let index = 0; index < batches; index += 1) {
      const batch = Array.from({ length: perBatch }, (_, at) => ({
        ...{ type: 'track', userId: `u${at}`, event: 'Order Done', messageId: `${index}-${at}` },
        properties: { price: at / 4, [`extra_${index}`]: 'x' },
      }));
      await track(server, '/v1/batch', { batch });
      if (index % 10 !== 9) continue;
      await sync();
      // Somewhere in the load that has just begun, or in none.
      await new Promise((done) => setTimeout(done, 200 + index * 20));
      await server.kill();
      server = await startServer({ folder: folder.path });
    }
    await sync();
    const all = batches * perBatch;
    for (const [name, id] of Object.entries(warehouses)) {
      let seen: unknown[] = [];
      await eventually(
        `everything is in ${name}`,
        async () => {
          seen = await count(id, 'order_done');
          return Number(seen[1]) >= all;
        },
        { within: 180_000 },
      ).catch((problem: unknown) => {
        throw new Error(
          `${String(problem)}: ${String(seen)} of ${all}\n${server.log().slice(-4_000)}`,
        );
      });
      assert.deepEqual(await count(id, 'order_done'), [all, all], name);
      assert.deepEqual(await count(id, 'tracks'), [all, all], name);
    }
  });

  it('say of their settings whether they hold', async () => {
    for (const id of Object.values(warehouses)) {
      const state = await api(server, 'GET', `/warehouses/${id}/connection-state`);
      assert.match(JSON.stringify(state), /CONNECTED|SUCCESS/);
    }
  });
});
