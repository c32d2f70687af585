import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemClock } from '../../src/core/clock.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { silentLogger } from '../../src/core/logger.ts';
import type { WarehouseConfig } from '../../src/core/snapshot.ts';
import { noSuppressions, type Suppressions } from '../../src/core/suppressions.ts';
import type { SyncJob, SyncResult } from '../../src/warehouses/sync/sync-job.ts';
import { syncWarehouse } from '../../src/warehouses/sync/sync-warehouse.ts';
import { type EngineRig, onBothEngines } from './both-engines.ts';
import { type FilledLog, numbered, openFilledLog } from './filled-log.ts';

let made = 0;

async function stand(rig: EngineRig, more: Partial<WarehouseConfig> = {}) {
  made += 1;
  const id = `w${made}`;
  const slug = `source-${made}`;
  const schema = `source_${made}`;
  const log = await openFilledLog();
  const config: WarehouseConfig = {
    ...{ id, slug: rig.engine.slug, enabled: true, settings: {} },
    sources: [{ sourceId: id, since: 0 }],
    ...more,
  };
  const sync = (
    job: Partial<SyncJob> = {},
    options: { unitEvents?: number; suppressions?: Suppressions; signal?: AbortSignal } = {},
  ): Promise<SyncResult> =>
    syncWarehouse({
      job: { warehouse: config, slugs: { [id]: slug }, seen: {}, ...job },
      warehouse: rig.warehouse,
      dialect: rig.engine.dialect,
      readers: [log.reader],
      suppressions: noSuppressions,
      clock: systemClock,
      logger: silentLogger,
      signal: new AbortController().signal,
      ...options,
    });
  const ids = async (table: string) => (await rig.rows(schema, table)).map((row) => row['id']);
  return { id, schema, log, config, sync, ids };
}

const add = (log: FilledLog, source: string, from: number, to: number) =>
  log.add(
    source,
    Array.from({ length: to - from }, (_, index) => numbered(from + index)),
  );

onBothEngines('a sync', (rig) => {
  it('loads what is new, once, in units of any size', async () => {
    const { id, log, sync, ids } = await stand(rig());
    await add(log, id, 0, 25);
    const first = await sync({}, { unitEvents: 7 });
    assert.equal(first.isComplete, true);
    assert.equal((await ids('tracks')).length + (await ids('identifies')).length, 25);
    assert.deepEqual((await sync()).rows, {});
    await add(log, id, 25, 30);
    assert.deepEqual((await sync()).rows, { [id]: 4 + 4 + 1 + 1 });
    assert.equal((await ids('tracks')).length, 24);
  });

  it('passes over what process wrote twice', async () => {
    const { id, log, sync, ids } = await stand(rig());
    await log.add(id, [numbered(1), numbered(2)]);
    await sync();
    await log.repeat(id, [numbered(1), numbered(2), { ...numbered(3), messageId: 'other' }], 1);
    await sync();
    // What stands behind the stamps that were taken is new.
    assert.deepEqual(await ids('tracks'), ['m1', 'm2', 'other']);
  });

  it('takes a source from its connection on, other sources not, test events not', async () => {
    const since = Date.parse(String(numbered(5)['receivedAt']));
    const base = await stand(rig());
    const sources = [{ sourceId: base.id, since }];
    const config = { ...base.config, sources };
    await add(base.log, base.id, 1, 9);
    await add(base.log, 'another', 20, 25);
    await base.log.add(base.id, [numbered(31)], { test: true });
    await base.sync({ warehouse: config });
    assert.deepEqual(await base.ids('tracks'), ['m6', 'm7', 'm8']);
  });

  it('a back-fill loads a range behind the connection; of a day that is there it changes nothing', async () => {
    const since = Date.parse(String(numbered(8)['receivedAt']));
    const base = await stand(rig());
    const config = { ...base.config, sources: [{ sourceId: base.id, since }] };
    await add(base.log, base.id, 1, 14);
    await base.sync({ warehouse: config });
    const at = (n: number) => Date.parse(String(numbered(n)['receivedAt']));
    const range = { id: 'b1', from: at(2), to: at(12) };
    const job = { warehouse: config, backfill: range };
    const before = await rig().rows(base.schema, 'tracks');
    assert.deepEqual(
      before.map((row) => row['id']),
      ['m11', 'm12', 'm13', 'm8', 'm9'],
    );
    await base.sync(job, { unitEvents: 3 });
    const expected = [11, 12, 13, 2, 3, 4, 6, 7, 8, 9].map((n) => `m${n}`);
    assert.deepEqual(await base.ids('tracks'), expected);
    const all = ['tracks', 'identifies', 'users', 'event_0', 'event_1', 'event_2'];
    const state = async () => {
      const found = [];
      for (const table of all) found.push(await rig().rows(base.schema, table));
      return found;
    };
    const after = await state();
    for (const again of ['b2', 'b3']) {
      await base.sync({ ...job, backfill: { ...range, id: again } });
      assert.deepEqual(await state(), after);
    }
    // Its cursor is forgotten, that of what is new is not.
    const cursors = await rig().warehouse.cursors(base.id);
    assert.deepEqual(
      cursors.map(({ stream }) => stream),
      ['live'],
    );
  });

  it('leaves out what selective sync says, and what the event says', async () => {
    const base = await stand(rig());
    const overrides = [
      { collection: 'tracks', enabled: false },
      { collection: 'Event 1', property: 'n', enabled: false },
    ];
    const config = { ...base.config, sources: [{ sourceId: base.id, since: 0, overrides }] };
    const integrations = (value: JsonObject) => ({ integrations: { Warehouses: value } });
    await base.log.add(base.id, [
      numbered(1),
      { ...numbered(4), ...integrations({ all: false }) },
      { ...numbered(7), ...integrations({ warehouseIds: ['another'] }) },
      { ...numbered(13), ...integrations({ warehouseIds: [base.id] }) },
      { ...numbered(16), integrations: { All: false } },
    ]);
    await base.sync({ warehouse: config });
    assert.deepEqual(await base.ids('tracks'), []);
    const rows = await rig().rows(base.schema, 'event_1');
    assert.deepEqual(
      rows.map((row) => row['id']),
      ['m1', 'm13', 'm16'],
    );
    assert.ok(rows.every((row) => !('n' in row)));
  });

  it('leaves out suppressed users', async () => {
    const { id, log, sync, ids } = await stand(rig());
    await log.add(id, [numbered(1), numbered(2)], { u: 'gone' });
    await log.add(id, [numbered(3)], { u: 'here' });
    const suppressions: Suppressions = {
      refresh: () => undefined,
      isEmpty: false,
      has: (_, { userId }) => userId === 'gone',
    };
    await sync({}, { suppressions });
    assert.deepEqual(await ids('tracks'), ['m3']);
  });

  it('gives each source a schema of its own and keeps it when the slug changes', async () => {
    const base = await stand(rig());
    const other = `${base.id}-other`;
    const sources = [base.id, other].map((sourceId) => ({ sourceId, since: 0 }));
    const config = { ...base.config, sources };
    const slugs = { [base.id]: 'My Shop', [other]: 'my-shop' };
    await base.log.add(base.id, [numbered(1)]);
    await base.log.add(other, [numbered(2)]);
    await base.sync({ warehouse: config, slugs });
    const known = await rig().warehouse.schemas();
    const [one, two] = [known.get(base.id) ?? '', known.get(other) ?? ''];
    assert.match(one, /^my_shop/);
    assert.match(two, /^my_shop_\d+$/);
    await base.log.add(other, [numbered(3)]);
    await base.sync({ warehouse: config, slugs: { ...slugs, [other]: 'renamed' } });
    assert.equal((await rig().rows(two, 'tracks')).length, 2);
  });

  it('says what is in the overflow, and how often', async () => {
    const { id, log, sync } = await stand(rig());
    const wrong = { ...numbered(2), event: 'Event 1', properties: { n: 'x' } };
    await log.add(id, [numbered(1), wrong, { ...wrong, messageId: 'm3' }]);
    const { notices } = await sync();
    assert.deepEqual(notices, [
      {
        level: 'warning',
        message: 'Values of event_1.n do not fit the type of the column; they are in _overflow (2)',
      },
    ]);
  });

  it('that is stopped goes on where it was', async () => {
    const { id, log, sync, ids } = await stand(rig());
    await add(log, id, 0, 40);
    const stopping = new AbortController();
    const stopped = sync({}, { unitEvents: 5, signal: stopping.signal });
    stopping.abort();
    assert.equal((await stopped).isComplete, false);
    assert.equal((await sync()).isComplete, true);
    assert.equal((await ids('tracks')).length, 32);
  });
});
