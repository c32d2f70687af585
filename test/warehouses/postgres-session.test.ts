import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../src/core/limits.ts';
import { postgresConnector } from '../../src/storage/warehouses/postgres/connect-postgres.ts';
import { postgresPassword, startPostgres } from '../rig/postgres.ts';

test('no statement of a session runs for longer than its bound, and moments are those of UTC', async (t) => {
  const postgres = await startPostgres();
  t.after(() => postgres.remove());
  const database = new URL(await postgres.url()).pathname.slice(1);
  const client = await postgresConnector({
    ...{ host: '127.0.0.1', port: postgres.port, database },
    ...{ username: 'tributary', password: postgresPassword },
  })();
  const shown = async (name: string) => Object.values((await client.query(`show ${name}`)).rows[0]);
  assert.deepEqual(await shown('statement_timeout'), [
    `${limits.warehouseStatementMs / 60_000}min`,
  ]);
  assert.deepEqual(await shown('timezone'), ['UTC']);
  await client.end();
});
