import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ManualClock, settle } from '../../../core/testing/manual-clock.ts';
import { type ControlRig, controlRig } from '../../testing/control-rig.ts';

describe('the write keys of a source', () => {
  const clock = new ManualClock();
  let rig: ControlRig;
  let id: string;
  before(async () => {
    rig = await controlRig({ clock });
    const body = { slug: 'keyed', metadataId: 'iUM16Md8P2' };
    id = String((await rig.call('POST', '/sources', { body })).at('data.source.id'));
  });
  after(() => rig.close());

  const config = () => rig.control.snapshot().sources.find((source) => source.id === id);
  const make = async (body: object = {}) =>
    (await rig.call('POST', `/sources/${id}/write-keys`, { body })).at('data.writeKey.writeKey');
  const iso = (later: number) => new Date(clock.now() + later).toISOString();

  it('are live and never expire, unless they are made otherwise', async () => {
    const plain = await rig.call('POST', `/sources/${id}/write-keys`, { body: {} });
    assert.equal(plain.status, 201);
    const { writeKey } = Object(plain.at('data.writeKey'));
    assert.match(String(writeKey), /^[0-9A-Za-z]{32}$/);
    assert.deepEqual(plain.at('data.writeKey'), {
      writeKey,
      mode: 'live',
      name: null,
      createdAt: iso(0),
      expiresAt: null,
      expired: false,
      lastUsedAt: null,
    });
    assert.equal(config()?.specialKeys, undefined);
    const test = await make({ mode: 'test', name: 'staging', expiresAt: iso(60_000) });
    assert.deepEqual(config()?.specialKeys, [
      { key: test, test: true, expiresAt: clock.now() + 60_000 },
    ]);
  });

  it('can be brought from elsewhere, each to one source', async () => {
    const writeKey = 'Rk9hZ1lEUkZ4ZGVtbzEyMzQ1Njc4OTAx';
    const made = await rig.call('POST', `/sources/${id}/write-keys`, { body: { writeKey } });
    assert.equal(made.at('data.writeKey.writeKey'), writeKey);
    assert(config()?.writeKeys.includes(writeKey));
    const again = await rig.call('POST', `/sources/${id}/write-keys`, { body: { writeKey } });
    assert.equal(again.status, 409);
    assert.equal(again.at('errors.0.field'), 'writeKey');
    for (const bad of ['short', 'with:colon:and', 'ä'.repeat(32), 'x'.repeat(129)]) {
      const body = { writeKey: bad };
      assert.equal((await rig.call('POST', `/sources/${id}/write-keys`, { body })).status, 422);
    }
  });

  it('can be given an expiry, and it can be taken away; an expired one is no longer shown with the source', async () => {
    const key = await make();
    const path = `/sources/${id}/write-keys/${key}`;
    const shown = async () =>
      JSON.stringify((await rig.call('GET', `/sources/${id}`)).at('data.source.writeKeys'));
    await rig.call('PATCH', path, { body: { expiresAt: iso(60_000), name: 'old' } });
    assert((await shown()).includes(String(key)));
    const read = (config()?.specialKeys ?? []).find((special) => special.key === key);
    assert.deepEqual(read, { key, expiresAt: clock.now() + 60_000 });
    clock.advance(60_000);
    assert(!(await shown()).includes(String(key)));
    const keys = (await rig.call('GET', `/sources/${id}/write-keys`)).at('data.writeKeys');
    assert(Array.isArray(keys));
    const own = keys.map(Object).find(({ writeKey }) => writeKey === key);
    assert.partialDeepStrictEqual(own, { expired: true, name: 'old' });
    const back = await rig.call('PATCH', path, { body: { expiresAt: null } });
    assert.equal(back.at('data.writeKey.expired'), false);
    assert.equal(back.at('data.writeKey.name'), 'old');
    assert((await shown()).includes(String(key)));
  });

  it('refuse an expiry that is no moment, and name the field', async () => {
    const body = { expiresAt: 'soon' };
    const made = await rig.call('POST', `/sources/${id}/write-keys`, { body });
    assert.equal(made.status, 422);
    assert.equal(made.at('errors.0.field'), 'expiresAt');
    const changed = await rig.call('PATCH', `/sources/${id}/write-keys/${await make()}`, { body });
    assert.equal(changed.at('errors.0.field'), 'expiresAt');
  });

  it('are found under their own source only', async () => {
    const [first] = rig.control.snapshot().sources;
    const path = `/sources/${first?.id}/write-keys/${await make()}`;
    assert.equal((await rig.call('PATCH', path, { body: {} })).status, 404);
  });

  it('show when they were last used, as ingest says, and an older report changes nothing', async () => {
    const key = await make();
    const version = rig.control.snapshot().version;
    const used = async () => {
      await settle();
      const keys = (await rig.call('GET', `/sources/${id}/write-keys`)).at('data.writeKeys');
      assert(Array.isArray(keys));
      return keys.map(Object).find(({ writeKey }) => writeKey === key)?.lastUsedAt;
    };
    const at = clock.now();
    rig.control.keysUsed([
      [String(key), at],
      ['no such key', at],
    ]);
    assert.equal(await used(), iso(0));
    rig.control.keysUsed([[String(key), at - 1]]);
    rig.control.keysUsed('no list');
    rig.control.keysUsed([[7, 'x'], 'y']);
    assert.equal(await used(), iso(0));
    rig.control.keysUsed([[String(key), at + 1]]);
    assert.equal(await used(), iso(1));
    assert.equal(rig.control.snapshot().version, version, 'no change of the configuration');
  });
});
