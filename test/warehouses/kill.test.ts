import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/core/clock.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { random, seedFrom } from '../rig/random.ts';
import { type EngineRig, onBothEngines } from './both-engines.ts';

const script = fileURLToPath(new URL('load-filled-log.ts', import.meta.url));
const events = 4_000;
const seed = seedFrom('WAREHOUSE_SEED');
const most = Number(process.env['WAREHOUSE_KILLS'] ?? 12);
const query = { rows: 10, offset: 0, timeoutMs: 30_000 };

onBothEngines('a load that is killed at any moment', (rig) => {
  it(`leaves no missing and no double row (WAREHOUSE_SEED=${seed})`, async () => {
    const { engine, folder } = rig();
    const own = join(folder, 'killed');
    mkdirSync(own);
    const settings = engine.slug === 'duckdb' ? { path: 'killed.duckdb' } : rig().settings;
    const { between } = random(seed);
    let kills = 0;
    for (;;) {
      const isKilled = kills < most;
      const argument = { slug: engine.slug, settings, folder: own, events, unitEvents: 150 };
      const code = await run(argument, isKilled ? between(0, 250) : undefined);
      if (code === 0) break;
      assert.ok(isKilled, `seed ${seed}: it ends with ${code} when nobody kills it`);
      kills += 1;
    }
    assert.ok(kills > 0, `seed ${seed}: it was killed at least once`);
    await check(rig(), own, `seed ${seed}, ${kills} kills`);
  });
});

/** Resolves with the exit code; null when it was killed, so long after it began to load. */
async function run(argument: object, killAfterMs: number | undefined): Promise<number | null> {
  const child = spawn(process.execPath, [script, JSON.stringify(argument)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), exited]);
  if (killAfterMs !== undefined) {
    await Promise.race([systemClock.sleep(killAfterMs), exited]);
    child.kill('SIGKILL');
  }
  const [code] = await exited;
  return code;
}

async function check({ engine, settings }: EngineRig, folder: string, said: string): Promise<void> {
  const given = engine.slug === 'duckdb' ? { path: 'killed.duckdb' } : settings;
  const options = { dataFolder: folder, tempFolder: folder, logger: silentLogger };
  const warehouse = await engine.open(given, options);
  try {
    const one = async (sql: string) => (await warehouse.query(sql, query)).rows[0];
    const identifies = events / 5;
    assert.deepEqual(
      await one('select count(*), count(distinct id) from shop.tracks'),
      [events - identifies, events - identifies],
      said,
    );
    const parts = [0, 1, 2].map((n) => `select id from shop.event_${n}`).join(' union all ');
    assert.deepEqual(
      await one(`select count(*), count(distinct id) from (${parts}) e`),
      [events - identifies, events - identifies],
      said,
    );
    assert.deepEqual(await one('select count(*) from shop.identifies'), [identifies], said);
    // The newest of u0, u5, … are the last fifty numbers.
    const newest = events - 50;
    const wrong = `select count(*) from shop.users where "last" < ${newest}`;
    assert.deepEqual(await one('select count(*) from shop.users'), [10], said);
    assert.deepEqual(await one(wrong), [0], said);
  } finally {
    await warehouse.close();
  }
}
