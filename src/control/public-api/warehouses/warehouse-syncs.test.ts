import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type ControlRig, controlRig } from '../../testing/control-rig.ts';

describe('a sync that is asked for', () => {
  let rig: ControlRig;
  let warehouse: string;
  let source: string;
  before(async () => {
    rig = await controlRig();
    source = String((await rig.call('GET', '/sources')).at('data.sources.0.id'));
  });
  beforeEach(async () => {
    const body = { metadataId: 'duckdb', settings: {} };
    warehouse = String((await rig.call('POST', '/warehouses', { body })).at('data.warehouse.id'));
  });
  after(() => rig.close());

  const ask = (body: object) => rig.call('POST', `/warehouses/${warehouse}/syncs`, { body });
  const requests = () =>
    rig.control.snapshot().warehouses?.find(({ id }) => id === warehouse)?.requests;

  it('is one of what is new, or a back-fill of a range, a source, a table of it', async () => {
    const from = '2026-11-01T00:00:00.000Z';
    const to = '2026-11-02T00:00:00.000Z';
    assert.equal((await ask({})).status, 201);
    const table = await ask({ from, to, sourceId: source, collection: 'Order Completed' });
    assert.partialDeepStrictEqual(table.at('data.sync'), {
      ...{ from, to, sourceId: source, collection: 'Order Completed', status: 'WAITING' },
    });
    assert.partialDeepStrictEqual(requests()?.[1], {
      ...{ from: Date.parse(from), to: Date.parse(to) },
      ...{ sourceId: source, collection: 'Order Completed' },
    });
    assert.deepEqual(Object.keys(requests()?.[0] ?? {}), ['id']);
  });

  it('is refused where what is said means nothing', async () => {
    const from = '2026-11-01T00:00:00.000Z';
    for (const [body, field] of [
      [{ sourceId: source }, 'from'],
      [{ to: from }, 'from'],
      [{ from, collection: 'tracks' }, 'sourceId'],
      [{ from, to: from }, 'to'],
    ] as const) {
      const answer = await ask(body);
      assert.deepEqual([answer.status, answer.at('errors.0.field')], [422, field]);
    }
    assert.equal((await ask({ from, sourceId: 'none' })).status, 404);
  });

  it('is refused by a warehouse that is switched off: it would wait for ever', async () => {
    await rig.call('PATCH', `/warehouses/${warehouse}`, { body: { enabled: false } });
    assert.equal((await ask({})).status, 409);
    assert.equal(requests(), undefined);
  });
});
