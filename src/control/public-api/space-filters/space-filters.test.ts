import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ControlRig, controlRig } from '../../testing/control-rig.ts';

describe('the filters of a space', () => {
  let rig: ControlRig;
  let integrationId = '';
  before(async () => {
    rig = await controlRig();
    integrationId = String((await rig.call('GET', '/spaces')).at('data.spaces.0.id'));
  });
  after(() => rig.close());

  const create = (more: object = {}) =>
    rig.call('POST', '/filters', {
      body: { integrationId, name: 'Staff', if: 'traits.staff = true', ...more },
    });

  it('are made, read, changed and deleted, and say that nothing comes of them yet', async () => {
    const made = await create({ description: 'Ours', drop: true });
    assert.equal(made.status, 200, JSON.stringify(made.body));
    assert.match(String(made.headers['tributary-notice']), /no profiles yet/);
    const id = String(made.at('data.filter.id'));
    assert.partialDeepStrictEqual(made.at('data.filter'), {
      ...{ integrationId, name: 'Staff', if: 'traits.staff = true', description: 'Ours' },
      ...{ drop: true, enabled: false },
    });
    const path = `/filters/${id}`;
    const body = { integrationId, enabled: true, if: 'all' };
    await rig.call('PATCH', path, { body });
    const read = await rig.call('GET', path);
    assert.partialDeepStrictEqual(read.at('data.filter'), {
      ...{ name: 'Staff', if: 'all', enabled: true, drop: true },
    });
    assert.equal((await rig.call('DELETE', path)).at('data.deleted'), true);
    assert.equal((await rig.call('GET', path)).status, 404);
  });

  it('are refused with a condition that is none, and in another space than their own', async () => {
    const refused = await create({ if: 'traits.staff =' });
    assert.deepEqual([refused.status, refused.at('errors.0.field')], [422, 'if']);
    assert.equal((await create({ integrationId: 'none' })).status, 404);
    const id = (await create()).at('data.filter.id');
    const body = { integrationId: 'none', name: 'X' };
    assert.equal((await rig.call('PATCH', `/filters/${id}`, { body })).status, 404);
    await rig.call('DELETE', `/filters/${id}`);
  });

  it('are listed in pages whose cursors are numbers', async () => {
    for (let n = 0; n < 25; n += 1) await create({ name: `F${n}` });
    const names: unknown[] = [];
    let cursor: unknown = 0;
    let pages = 0;
    while (cursor !== undefined) {
      const query = `integrationId=${integrationId}&pagination[count]=10&pagination[cursor]=${cursor}`;
      const page = await rig.call('GET', `/filters?${query}`);
      assert.equal(page.status, 200, JSON.stringify(page.body));
      assert.equal(page.at('data.pagination.totalEntries'), 25);
      const filters = page.at('data.filters');
      assert(Array.isArray(filters));
      names.push(...filters.map((_, index) => page.at(`data.filters.${index}.name`)));
      cursor = page.at('data.pagination.next');
      pages += 1;
    }
    assert.equal(pages, 3);
    assert.deepEqual(
      names,
      Array.from({ length: 25 }, (_, n) => `F${n}`),
    );
    const tooMany = await rig.call(
      'GET',
      `/filters?integrationId=${integrationId}&pagination[count]=11`,
    );
    assert.equal(tooMany.status, 422);
  });
});
