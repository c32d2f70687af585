/** docs/operating/backup.md and disaster.md where the state store is PostgreSQL: the two are restored to the same point, or to different ones. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { eventually } from '../rig/eventually.ts';
import { readMetrics, sumOf } from '../rig/metrics.ts';
import { type Postgres, postgresPassword, startPostgres } from '../rig/postgres.ts';
import { seedFrom } from '../rig/random.ts';
import { postgres } from '../services/postgres.ts';
import { missing } from '../state/state-rig.ts';
import { type Operated, operate } from './operated.ts';

const seed = seedFrom('OPERATING_SEED');
const skip = missing;
let server: Postgres;
before(async (t) => {
  if (missing) return;
  server = await startPostgres();
  assert(t !== undefined && 'after' in t);
  t.after(() => server.remove());
});

interface Stand {
  readonly node: Operated;
  /** What pg_dump says of the database, in a file of this name. */
  dump(name: string): string;
  /** The database as that file says, in place of what there is. */
  load(file: string): Promise<void>;
}

async function onPostgres(t: TestContext): Promise<Stand> {
  const url = await server.url();
  const node = await operate(t, { seed, env: { TRIBUTARY_STATE: url } });
  mkdirSync(node.spare);
  const database = new URL(url).pathname.slice(1);
  const run = (program: string, ...args: readonly string[]) =>
    execFileSync(join(postgres.find() ?? '', program), [`--dbname=${url}`, ...args], {
      env: { ...process.env, PGPASSWORD: postgresPassword },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  return {
    node,
    dump: (name) => {
      const file = join(node.spare, name);
      run('pg_dump', '--format=custom', `--file=${file}`);
      return file;
    },
    load: async (file) => {
      await server.query(`drop database ${database} with (force)`);
      await server.query(`create database ${database} template template0`);
      run('pg_restore', '--exit-on-error', file);
    },
  };
}

async function more(node: Operated): Promise<void> {
  const enough = node.acknowledged().size + 200;
  await eventually('more is taken', () => node.acknowledged().size > enough);
}

async function cursorsAhead(node: Operated): Promise<number> {
  return sumOf(await readMetrics(node.server), 'tributary_deliver_cursors_ahead_total');
}

test('the database dumped first and the log after it: what was acknowledged before is delivered', {
  skip,
  timeout: 240_000,
}, async (t) => {
  const { node, dump, load } = await onPostgres(t);
  await node.startLoad();
  const acknowledged = node.acknowledged();
  const file = dump('state');
  await more(node);
  const made = await node.run('backup', join(node.spare, 'log'));
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stdout, /not in it: the state store/);
  await more(node);
  await node.destroy();
  await node.stopLoad();
  await load(file);
  assert.equal((await node.run('restore', join(node.spare, 'log'))).code, 0);
  await node.start();
  await node.allArrive(acknowledged);
  assert.equal(await cursorsAhead(node), 0);
});

test('a database older than the log: what was delivered since is delivered again, and nothing is missing', {
  skip,
  timeout: 240_000,
}, async (t) => {
  const { node, dump, load } = await onPostgres(t);
  await node.startLoad();
  const file = dump('state');
  await more(node);
  await node.stopLoad();
  const all = node.acknowledged();
  await node.allArrive(all);
  await node.server.stop();
  await load(file);
  await node.start();
  await eventually('something repeats', () => [...all].some((id) => node.arrivals(id) > 1));
  await node.startLoad();
  await node.stopLoad();
  await node.allArrive(node.acknowledged());
  assert.equal(await cursorsAhead(node), 0);
});

test('a log older than the database: that is said, and all that comes from then on is delivered', {
  skip,
  timeout: 240_000,
}, async (t) => {
  const { node } = await onPostgres(t);
  await node.startLoad();
  assert.equal((await node.run('backup', join(node.spare, 'log'))).code, 0);
  await more(node);
  await node.stopLoad();
  await node.allArrive(node.acknowledged());
  await node.destroy();
  assert.equal((await node.run('restore', join(node.spare, 'log'))).code, 0);
  await node.start();
  const before = node.acknowledged();
  await node.startLoad();
  await node.stopLoad();
  await node.allArrive(new Set([...node.acknowledged()].filter((id) => !before.has(id))));
  assert.match(node.server.log(), /"log":"events".*the log ends before what was read of it/);
});
