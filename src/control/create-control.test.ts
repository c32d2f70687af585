import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { freshStores } from '../storage/testing/fresh-stores.ts';
import { adminToken, controlRig } from './testing/control-rig.ts';

describe('the first start', () => {
  it('makes a workspace and a space `default`, an enabled `http-api` source with a write key, and a token, each once', async () => {
    const store = await freshStores().openControl();
    const first = await controlRig({ store, token: undefined });
    const { token, writeKey, workspaceSlug } = first.control.bootstrapResult;
    assert.match(token ?? '', /^trb_[0-9A-Za-z]{40}$/);
    assert.match(writeKey ?? '', /^[0-9A-Za-z]{32}$/);
    assert.equal(workspaceSlug, 'default');
    const [source, ...others] = first.control.snapshot().sources;
    assert.deepEqual(others, []);
    assert.deepEqual([source?.slug, source?.enabled], ['http-api', true]);
    assert.deepEqual(source?.writeKeys, [writeKey]);
    const spaces = await store.db.selectFrom('space').select(['slug']).execute();
    assert.deepEqual(spaces, [{ slug: 'default' }]);
    const shown = await first.call('GET', '/sources', token === undefined ? {} : { token });
    assert.equal(shown.at('data.sources.0.metadata.slug'), 'http-api');
    await first.control.close();

    const second = await controlRig({ store, token: undefined });
    assert.deepEqual(second.control.bootstrapResult, { token: undefined, writeKey, workspaceSlug });
    assert.deepEqual(second.control.snapshot(), first.control.snapshot());
    assert(token !== undefined);
    assert.equal((await second.call('GET', '/', { token })).status, 200);
    await second.close();
  });

  it('takes the write key and the token it is given, and keeps only the hash of the token', async () => {
    const rig = await controlRig({ writeKey: 'given-write-key' });
    assert.equal(rig.control.bootstrapResult.writeKey, 'given-write-key');
    assert.equal(rig.control.bootstrapResult.token, adminToken);
    const rows = await rig.store.db.selectFrom('token').selectAll().execute();
    assert(!JSON.stringify(rows).includes(adminToken));
    await rig.close();
  });

  it('adds a token given later, beside the first', async () => {
    const store = await freshStores().openControl();
    const first = await controlRig({ store });
    await first.control.close();
    const second = await controlRig({ store, token: 'another-long-token-0123456789' });
    for (const token of [adminToken, 'another-long-token-0123456789']) {
      assert.equal((await second.call('GET', '/', { token })).status, 200);
    }
    await second.close();
  });
});

describe('a write', () => {
  it('publishes one snapshot with a higher version and leaves one audit record', async () => {
    const rig = await controlRig();
    const body = { slug: 'shop', metadataId: 'IqDTy1TpoU' };
    const before = rig.control.snapshot().version;
    const made = await rig.call('POST', '/sources', { body });
    assert.equal(rig.snapshots.length, 2);
    assert.equal(rig.control.snapshot().version, before + 1);
    assert.equal(rig.control.snapshot().sources.at(-1)?.slug, 'shop');
    const audit = await rig.store.db
      .selectFrom('audit_event')
      .selectAll()
      .where('operation', '=', 'createSource')
      .execute();
    assert.equal(audit.length, 1);
    assert.equal(audit[0]?.type, 'Source Created');
    assert.equal(audit[0]?.resource_id, made.at('data.source.id'));
    assert.match(audit[0]?.actor ?? '', /^public-api-token\/.{8}$/);
    await rig.close();
  });

  it('that is refused leaves nothing behind', async () => {
    const rig = await controlRig();
    const audits = () => rig.store.db.selectFrom('audit_event').selectAll().execute();
    const before = (await audits()).length;
    const body = { slug: 'http-api', metadataId: 'IqDTy1TpoU' };
    assert.equal((await rig.call('POST', '/sources', { body })).status, 409);
    assert.equal(rig.snapshots.length, 1);
    assert.equal((await audits()).length, before);
    await rig.close();
  });

  it('at the same time as others keeps the versions in order', async () => {
    const rig = await controlRig();
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        rig.call('POST', '/sources', { body: { slug: `s${index}`, metadataId: 'IqDTy1TpoU' } }),
      ),
    );
    const versions = rig.snapshots.map(({ version }) => version);
    assert.deepEqual(
      versions,
      versions.toSorted((a, b) => a - b),
    );
    // Where changes are also heard of from the store, one may be published together with the next.
    assert.equal(new Set(versions).size, versions.length);
    assert.equal(versions.at(-1), Number(versions[0]) + 20);
    assert.equal(rig.control.snapshot().sources.length, 21);
    await rig.close();
  });
});
