import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isSealed, openSettings } from '../../../core/secret-box.ts';
import { roles } from '../../access/roles.ts';
import { type ControlRig, controlRig, testSecrets } from '../../testing/control-rig.ts';

const settings = {
  ...{ host: 'db.example.com', database: 'events', username: 'tributary' },
  password: 'not for disks',
};

describe('a warehouse', () => {
  let rig: ControlRig;
  const reached: unknown[] = [];
  before(async () => {
    rig = await controlRig({
      testWarehouse: async (slug, given) => {
        reached.push([slug, given]);
        return given['host'] === 'down' ? { ok: false, message: 'refused' } : { ok: true };
      },
    });
  });
  after(() => rig.close());

  const make = async (body: object = {}) => {
    const whole = { metadataId: 'postgres', settings, disconnectAllSources: true, ...body };
    return rig.call('POST', '/warehouses', { body: whole });
  };
  const snapshotOf = (id: unknown) =>
    rig.control.snapshot().warehouses?.find((warehouse) => warehouse.id === id);

  it('shows its settings with defaults and its name, and never a secret', async () => {
    const made = await make({ name: 'Events' });
    assert.equal(made.status, 201);
    assert.equal(made.at('data.warehouse.metadata.slug'), 'postgres');
    const shown = {
      ...{ name: 'Events', host: 'db.example.com', port: '5432', database: 'events' },
      username: 'tributary',
    };
    assert.deepEqual(made.at('data.warehouse.settings'), shown);
    const read = await rig.call('GET', `/warehouses/${made.at('data.warehouse.id')}`);
    assert.deepEqual(read.at('data.warehouse.settings'), shown);
    const row = await rig.store.db.selectFrom('warehouse').selectAll().executeTakeFirstOrThrow();
    assert(!row.settings.includes('not for disks'));
  });

  it('is in the snapshot with its secrets sealed, which only the data plane opens', async () => {
    const id = (await make()).at('data.warehouse.id');
    const warehouse = snapshotOf(id);
    assert(warehouse !== undefined && isSealed(warehouse.settings['password']));
    const opened = openSettings(testSecrets, warehouse.settings, warehouse.id);
    assert.equal(opened['password'], 'not for disks');
    assert.deepEqual(
      [warehouse.slug, warehouse.enabled, warehouse.sources],
      ['postgres', true, []],
    );
    await rig.call('DELETE', `/warehouses/${id}`);
    assert.equal(snapshotOf(id), undefined);
  });

  it('keeps what a change does not name, its secrets too; null goes back to the default', async () => {
    const made = await make({ name: 'Events', settings: { ...settings, port: 6000 } });
    const id = made.at('data.warehouse.id');
    assert.equal(made.at('data.warehouse.settings.port'), '6000');
    const path = `/warehouses/${id}`;
    const change = {
      settings: { port: null, database: 'other', password: '••••' },
      enabled: false,
    };
    const changed = await rig.call('PATCH', path, { body: change });
    assert.partialDeepStrictEqual(changed.at('data.warehouse'), {
      enabled: false,
      settings: { name: 'Events', port: '5432', database: 'other', host: 'db.example.com' },
    });
    const kept = snapshotOf(id);
    assert.equal(
      openSettings(testSecrets, kept?.settings ?? {}, String(id))['password'],
      'not for disks',
    );
    const unnamed = await rig.call('PATCH', path, { body: { name: null } });
    assert.equal(unnamed.at('data.warehouse.settings.name'), undefined);
    const among = await rig.call('PATCH', path, { body: { settings: { name: 'Among' } } });
    assert.equal(among.at('data.warehouse.settings.name'), 'Among');
  });

  it('may lack settings, and is refused those of the wrong type, each with its field', async () => {
    assert.equal((await make({ settings: {} })).status, 201);
    const wrong = await make({ settings: { host: 1, password: [] } });
    assert.equal(wrong.status, 422);
    assert.equal(wrong.at('errors.0.field'), 'settings.host');
    assert.equal(wrong.at('errors.1.field'), 'settings.password');
    const unheard = await make({ metadataId: 'unheard-of' });
    assert.deepEqual([unheard.status, unheard.at('errors.0.field')], [422, 'metadataId']);
  });

  it('is reached with its opened settings for its connection state', async () => {
    const id = (await make()).at('data.warehouse.id');
    const state = () => rig.call('GET', `/warehouses/${id}/connection-state`);
    assert.equal((await state()).at('data.connectionState'), 'CONNECTED');
    assert.deepEqual(reached.at(-1), ['postgres', { ...settings, port: '5432' }]);
    await rig.call('PATCH', `/warehouses/${id}`, { body: { settings: { host: 'down' } } });
    assert.equal((await state()).at('data.connectionState'), 'FAILED');
  });

  it('says in a sentence why it cannot be reached', async () => {
    const id = (await make()).at('data.warehouse.id');
    const test = async () =>
      (await rig.call('GET', `/warehouses/${id}/connection-test`)).at('data');
    assert.deepEqual(await test(), { connectionState: 'CONNECTED', message: null });
    await rig.call('PATCH', `/warehouses/${id}`, { body: { settings: { host: 'down' } } });
    assert.deepEqual(await test(), { connectionState: 'FAILED', message: 'refused' });
    const bare = (await make({ settings: {} })).at('data.warehouse.id');
    const missing = await rig.call('GET', `/warehouses/${bare}/connection-test`);
    assert.match(String(missing.at('data.message')), /^Not set yet: host/);
  });

  it('fails its test without a word to the far end while something required is not set', async () => {
    const before = reached.length;
    const body = { metadataId: 'postgres', settings: { host: 'x' } };
    const answer = await rig.call('POST', '/warehouses/validation', { body });
    assert.deepEqual([answer.status, answer.at('data.status')], [200, 'FAILED']);
    assert.equal(reached.length, before);
    const { after } = await rig.store.db
      .selectFrom('audit_event')
      .select('after')
      .where('type', '=', 'Storage Destination Settings Validation')
      .executeTakeFirstOrThrow();
    assert.match(after ?? '', /Not set yet: database, username, password/);
  });

  it('is validated before it is made; nothing of that is kept', async () => {
    const count = async () =>
      (await rig.call('GET', '/warehouses')).at('data.pagination.totalEntries');
    const before = await count();
    const body = { metadataId: 'postgres', settings: { ...settings, name: 'x', port: 6000 } };
    const answer = await rig.call('POST', '/warehouses/validation', { body });
    assert.equal(answer.at('data.status'), 'CONNECTED');
    assert.deepEqual(reached.at(-1), ['postgres', { ...settings, port: '6000' }]);
    assert.equal(await count(), before);
  });

  it('of a server that reaches none is never said to be connected', async () => {
    const bare = await controlRig();
    const body = { metadataId: 'duckdb' };
    const id = (await bare.call('POST', '/warehouses', { body })).at('data.warehouse.id');
    const state = await bare.call('GET', `/warehouses/${id}/connection-state`);
    assert.equal(state.at('data.connectionState'), 'FAILED');
    await bare.close();
  });

  it('leaves an audit event for each change, with what was before and without secrets', async () => {
    const id = (await make()).at('data.warehouse.id');
    await rig.call('PATCH', `/warehouses/${id}`, { body: { enabled: false } });
    await rig.call('PATCH', `/warehouses/${id}`, { body: { enabled: true } });
    await rig.call('DELETE', `/warehouses/${id}`);
    const events = await rig.store.db
      .selectFrom('audit_event')
      .selectAll()
      .where('resource_id', '=', String(id))
      .orderBy('position')
      .execute();
    assert.deepEqual(
      events.map(({ type }) => type),
      ['Created', 'Modified', 'Enabled', 'Deleted'].map((what) => `Storage Destination ${what}`),
    );
    assert.equal(events[0]?.before, null);
    assert.match(events[3]?.before ?? '', /db\.example\.com/);
    assert(!JSON.stringify(events).includes('not for disks'));
  });
});

describe('the sources of a warehouse', () => {
  let rig: ControlRig;
  let first: string;
  before(async () => {
    rig = await controlRig();
    first = String((await rig.call('GET', '/sources')).at('data.sources.0.id'));
  });
  after(() => rig.close());

  const makeSource = async (slug: string, more: object = {}) => {
    const body = { slug, metadataId: 'http-api', ...more };
    return String((await rig.call('POST', '/sources', { body })).at('data.source.id'));
  };
  const make = async (more: object = {}) => {
    const body = { metadataId: 'duckdb', settings: {}, ...more };
    return String((await rig.call('POST', '/warehouses', { body })).at('data.warehouse.id'));
  };
  const sourcesOf = async (id: string) => {
    const answer = await rig.call('GET', `/warehouses/${id}/connected-sources`);
    const total = Number(answer.at('data.pagination.totalEntries'));
    return Array.from({ length: total }, (_, at) => answer.at(`data.sources.${at}.id`));
  };

  it('are all there are when it is made, unless none are asked for', async () => {
    const all = await make();
    assert.deepEqual(await sourcesOf(all), [first]);
    const none = await make({ disconnectAllSources: true });
    assert.deepEqual(await sourcesOf(none), []);
    await rig.call('DELETE', `/warehouses/${all}`);
    await rig.call('DELETE', `/warehouses/${none}`);
  });

  it('are all connected however many there are', async () => {
    const other = await controlRig();
    const { db } = other.store;
    const workspace_id = other.control.snapshot().workspace.id;
    const more = Array.from({ length: 1_001 }, (_, index) => ({
      ...{ id: `s${index}`, workspace_id, position: 1_000_000 + index, slug: `s${index}` },
      ...{ name: 's', enabled: 1, metadata_id: 'iUM16Md8P2', settings: '{}', limits: '{}' },
      created_at: 0,
    }));
    for (let at = 0; at < more.length; at += 500) {
      await db
        .insertInto('source')
        .values(more.slice(at, at + 500))
        .execute();
    }
    await other.call('POST', '/warehouses', { body: { metadataId: 'duckdb' } });
    const [warehouse] = other.control.snapshot().warehouses ?? [];
    assert.equal(warehouse?.sources.length, 1_002);
    assert.equal(new Set(warehouse.sources.map(({ sourceId }) => sourceId)).size, 1_002);
    await other.close();
  });

  it('grow by each new source, unless it asks for no warehouse', async () => {
    const [one, two] = [await make(), await make()];
    const joined = await makeSource('joined');
    const apart = await makeSource('apart', { disconnectAllWarehouses: true });
    assert.deepEqual(await sourcesOf(one), [first, joined]);
    const connected = await rig.call('GET', `/sources/${joined}/connected-warehouses`);
    assert.equal(connected.at('data.warehouses.0.id'), one);
    assert.equal(connected.at('data.warehouses.1.id'), two);
    const none = await rig.call('GET', `/sources/${apart}/connected-warehouses`);
    assert.deepEqual(none.at('data.warehouses'), []);
    const snapshot = rig.control.snapshot().warehouses?.find(({ id }) => id === one);
    assert.deepEqual(
      snapshot?.sources.map(({ sourceId }) => sourceId),
      [first, joined],
    );
  });

  it('are connected once however often that is said, and go when they are disconnected or deleted', async () => {
    const warehouse = await make({ disconnectAllSources: true });
    const source = await makeSource('to-connect', { disconnectAllWarehouses: true });
    const path = `/warehouses/${warehouse}/connected-sources/${source}`;
    for (let again = 0; again < 2; again += 1) {
      const answer = await rig.call('POST', path);
      assert.deepEqual([answer.status, answer.at('data.status')], [201, 'CONNECTED']);
    }
    assert.deepEqual(await sourcesOf(warehouse), [source]);
    assert.equal((await rig.call('DELETE', path)).at('data.status'), 'SUCCESS');
    assert.deepEqual(await sourcesOf(warehouse), []);
    assert.equal((await rig.call('DELETE', path)).status, 404);
    await rig.call('POST', path);
    await rig.call('DELETE', `/sources/${source}`);
    assert.deepEqual(await sourcesOf(warehouse), []);
  });

  it('are connected only by who may change both, and shown to who may see them', async () => {
    const warehouse = await make();
    const workspaceId = rig.control.snapshot().workspace.id;
    const role = (name: string) => {
      const found = roles.find((one) => one.name === name);
      assert(found !== undefined);
      return found.id;
    };
    const tokenOf = async (...grants: readonly (readonly [string, string, string])[]) => {
      const permissions = grants.map(([name, type, id]) => ({
        roleId: role(name),
        resources: [{ type, id }],
      }));
      const body = { name: 'limited', permission: 'write', permissions };
      return String((await rig.call('POST', '/tokens', { body })).at('data.secret'));
    };
    const path = `/warehouses/${warehouse}/connected-sources/${first}`;
    const half = await tokenOf(['Warehouse Destination Admin', 'WAREHOUSE', warehouse]);
    assert.equal((await rig.call('POST', path, { token: half })).status, 403);
    assert.equal((await rig.call('DELETE', path, { token: half })).status, 403);
    const listed = await rig.call('GET', '/warehouses', { token: half });
    assert.equal(listed.at('data.pagination.totalEntries'), 1);
    assert.equal(
      (await rig.call('POST', '/warehouses', { token: half, body: { metadataId: 'duckdb' } }))
        .status,
      403,
    );
    const both = await tokenOf(
      ['Warehouse Destination Admin', 'WORKSPACE', workspaceId],
      ['Source Admin', 'SOURCE', first],
    );
    assert.equal((await rig.call('POST', path, { token: both })).status, 201);
    const reader = await tokenOf(['Source Read-only', 'SOURCE', first]);
    const unseen = await rig.call('GET', `/sources/${first}/connected-warehouses`, {
      token: reader,
    });
    assert.deepEqual(unseen.at('data.warehouses'), []);
  });
});
