/**
 * Loaded before a test file of `src` (`--import`): its stores are on the server of TRIBUTARY_TEST_POSTGRES,
 * in a database of the file's own. `npm test` starts that server and runs such files on both engines.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Client, Pool } from 'pg';
import { settleWhile } from '../../src/core/testing/manual-clock.ts';
import { stateStores } from '../../src/storage/open-state.ts';
import { useEngine } from '../../src/storage/testing/fresh-stores.ts';
import { env } from '../env.ts';

const server = env.postgres;
assert(server !== undefined, 'TRIBUTARY_TEST_POSTGRES names a server');
const database = `t_${randomBytes(6).toString('hex')}`;
const client = new Client({ connectionString: server });
await client.connect();
await client.query(`create database ${database} template template0`);
await client.end();

useEngine({
  name: 'postgres',
  fresh: () => {
    const url = new URL(server);
    url.pathname = database;
    url.searchParams.set('schema', `s_${randomBytes(6).toString('hex')}`);
    const stores = stateStores(url.href);
    return { openControl: () => stores.openControl(), openWork: () => stores.openWork() };
  },
});

/** Statements and connections under way: a test that lets things settle waits for them. */
let underWay = 0;
settleWhile(() => underWay > 0);
for (const [owner, method] of [
  [Client.prototype, 'query'],
  [Pool.prototype, 'connect'],
] as const) {
  const original: (...args: unknown[]) => unknown = Reflect.get(owner, method);
  Reflect.set(owner, method, function counted(this: unknown, ...args: unknown[]) {
    const result = original.apply(this, args);
    if (!(result instanceof Promise)) return result;
    underWay += 1;
    const done = () => {
      underWay -= 1;
    };
    result.then(done, done);
    return result;
  });
}
