import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { TributaryError } from '../../../core/errors.ts';
import { silentLogger } from '../../../core/logger.ts';
import type { LoadUnit } from '../../../core/warehouse-engine.ts';
import { EngineMemory } from './engine-memory.ts';
import { openDuckdb } from './open-duckdb.ts';

const megabyte = 1024 * 1024;
const query = { rows: 10, offset: 0, timeoutMs: 60_000 };
const full = () => new TributaryError('warehouse_failed', 'DuckDB: Out of Memory Error: no more');

/** Bounds that were set, MB, and an engine that holds so many bytes until it is relieved; while it is busy it cannot be. */
function scripted(held = 0) {
  const bounds: number[] = [];
  const engine = { held, isBusy: false, relieved: 0 };
  const memory = new EngineMemory({
    usual: 8 * megabyte,
    set: async (limit) => {
      const bytes = Number.parseInt(limit, 10) * 1024;
      if (bytes < engine.held) throw full();
      bounds.push(bytes / megabyte);
    },
    relieve: async () => {
      engine.relieved += 1;
      if (!engine.isBusy) engine.held = 0;
    },
  });
  return { memory, bounds, engine };
}

test('work for which the memory does not suffice is done again with more, in smaller parts', async () => {
  const { memory, bounds, engine } = scripted();
  const parts: number[] = [];
  const done = await memory.sufficing(10, async (rows) => {
    parts.push(rows);
    if (parts.length < 3) throw full();
    return bounds.at(-1);
  });
  assert.equal(done, 32);
  assert.deepEqual(parts, [Number.POSITIVE_INFINITY, 1_000, 250]);
  assert.equal(engine.relieved, 2);
  assert.equal(bounds.at(-1), 8);
});

test('another failure is not tried again', async () => {
  const { memory } = scripted();
  let tries = 0;
  const work = async () => {
    tries += 1;
    throw new TributaryError('lease_lost', 'another loader');
  };
  await assert.rejects(memory.sufficing(10, work), { code: 'lease_lost' });
  assert.equal(tries, 1);
});

test('what is held is written when the bound cannot be lowered', async () => {
  const { memory, bounds, engine } = scripted(20 * megabyte);
  assert.equal(await memory.hold(64 * megabyte, async () => 'done'), 'done');
  assert.equal(engine.relieved, 1);
  assert.deepEqual(bounds, [64, 2_048, 8]);
});

test('a bound that cannot be lowered fails nothing, and is lowered another time', async () => {
  const { memory, bounds, engine } = scripted(20 * megabyte);
  engine.isBusy = true;
  assert.equal(await memory.hold(64 * megabyte, async () => 'done'), 'done');
  assert.equal(bounds.at(-1), 2_048);
  engine.isBusy = false;
  await memory.adjust();
  assert.equal(bounds.at(-1), 8);
});

test('with a bound of a megabyte units of wide rows come whole, once, and states too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-memory-'));
  const options = { dataFolder: folder, tempFolder: folder, logger: silentLogger };
  try {
    const warehouse = await openDuckdb({ path: 'memory.duckdb' }, options, megabyte);
    const names = Array.from({ length: 100 }, (_, index) => `column_${index}`);
    const columns = ['id', ...names].map((name) => ({ name, type: 'text' }) as const);
    const unit = (number: number): LoadUnit => {
      const at = (position: number) => ({ position, stamp: { input: position, item: 0 } });
      const row = (id: string) => [id, ...names.map((name) => `${name} of ${id}`)];
      const some = (length: number, id: (index: number) => string) =>
        Array.from({ length }, (_, index) => row(id(index)));
      const create = ['events', 'states'].map((name) => ({ schema: 's', name, columns }));
      return {
        ...{ id: `u${number}`, warehouse: 'w', stream: 'live', partition: 0, schemas: [] },
        from: number === 0 ? undefined : at(number),
        to: at(number + 1),
        changes: { create: number === 0 ? create : [], add: [], widen: [] },
        tables: [
          {
            table: { schema: 's', name: 'events' },
            ...{ merge: 'append', columns, rows: some(2_000, (index) => `e${number}-${index}`) },
          },
          {
            table: { schema: 's', name: 'states' },
            ...{ merge: 'replace', columns, rows: some(500, (index) => `s${index}`) },
          },
        ],
      };
    };
    for (const number of [0, 1, 2]) {
      const loaded = await warehouse.load(unit(number));
      assert.deepEqual(
        loaded.map(({ rows }) => rows),
        [2_000, 500],
      );
    }
    const counts = `select (select count(distinct id) from s.events), (select count(*) from s.events),
      (select count(distinct id) from s.states), (select count(*) from s.states)`;
    const { rows } = await warehouse.query(counts, query);
    assert.deepEqual(rows.flat().map(Number), [6_000, 6_000, 500, 500]);
    await warehouse.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
