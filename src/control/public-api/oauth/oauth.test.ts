import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { type AccessToken, signAccessToken } from '../../../core/access-token.ts';
import { limits } from '../../../core/limits.ts';
import { oauthSecretOwner } from '../../../core/oauth.ts';
import { isSealed } from '../../../core/secret-box.ts';
import { ManualClock } from '../../../core/testing/manual-clock.ts';
import { freshStores } from '../../../storage/testing/fresh-stores.ts';
import { type ControlRig, controlRig, testSecrets } from '../../testing/control-rig.ts';

function keys(modulusLength = 2048, type: 'spki' | 'pkcs1' = 'spki') {
  return generateKeyPairSync('rsa', {
    modulusLength,
    publicKeyEncoding: { type, format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** What tokens are signed with, as ingest opens it. */
function secretOf({ control }: ControlRig): string {
  return testSecrets.open(control.snapshot().oauth?.secret ?? '', oauthSecretOwner) ?? '';
}

const first = keys();
const second = keys();
const third = keys();

describe('OAuth apps', () => {
  const clock = new ManualClock();
  let rig: ControlRig;
  let source: string;
  before(async () => {
    rig = await controlRig({ clock });
    source = rig.control.snapshot().sources[0]?.id ?? '';
  });
  after(() => rig.close());

  const make = async (body: object = {}) => {
    const made = await rig.call('POST', '/oauth/apps', { body: { name: 'shop', ...body } });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return String(made.at('data.app.id'));
  };
  const config = (id: string) => rig.control.snapshot().oauth?.apps.find((app) => app.id === id);
  const addKey = (id: string, publicKey: string, name?: string) =>
    rig.call('POST', `/oauth/apps/${id}/keys`, { body: { publicKey, ...(name && { name }) } });

  it('leave no trace in the snapshot before the first is made, and share one secret from then on', async () => {
    const fresh = await controlRig();
    assert.equal(fresh.control.snapshot().oauth, undefined);
    await fresh.call('POST', '/oauth/apps', { body: { name: 'a' } });
    const secret = fresh.control.snapshot().oauth?.secret ?? '';
    assert.equal(Buffer.from(secretOf(fresh), 'base64url').length, 32);
    await fresh.call('POST', '/oauth/apps', { body: { name: 'b' } });
    assert.equal(fresh.control.snapshot().oauth?.secret, secret);
    await fresh.close();
  });

  it('keep the secret sealed in the store and in the snapshot, also one that an earlier version left open', async () => {
    const store = await freshStores().openControl();
    const early = await controlRig({ store });
    await early.call('POST', '/oauth/apps', { body: { name: 'a' } });
    const stored = () => store.db.selectFrom('oauth_secret').select('secret').executeTakeFirst();
    assert.ok(isSealed((await stored())?.secret));
    await store.db.updateTable('oauth_secret').set({ secret: 'left open' }).execute();
    await early.control.close();
    const late = await controlRig({ store });
    assert.ok(isSealed((await stored())?.secret));
    assert.equal(late.control.snapshot().oauth?.secret, (await stored())?.secret);
    assert.equal(secretOf(late), 'left open');
    await late.close();
  });

  it('are made with a key, the scope for events and a day by default, and shown without their key', async () => {
    const body = { name: 'shop', publicKey: first.publicKey, sourceIds: [source, source] };
    const made = await rig.call('POST', '/oauth/apps', { body });
    const app = Object(made.at('data.app'));
    const [key] = app.keys;
    assert.deepEqual(app, {
      id: app.id,
      name: 'shop',
      scopes: ['tracking_api:write'],
      tokenLifetime: '1d',
      keys: [
        { id: key.id, name: key.name, fingerprint: key.fingerprint, createdAt: key.createdAt },
      ],
      sourceIds: [source],
      createdAt: new Date(clock.now()).toISOString(),
    });
    assert.match(key.fingerprint, /^[0-9a-f]{64}$/);
    assert.deepEqual(config(app.id), {
      id: app.id,
      scopes: ['tracking_api:write'],
      tokenSeconds: 86_400,
      generation: 0,
      keys: [{ id: key.id, publicKey: first.publicKey }],
      sources: [source],
    });
    assert.deepEqual((await rig.call('GET', `/oauth/apps/${app.id}`)).at('data.app'), app);
    const list = (await rig.call('GET', '/oauth/apps')).at('data.apps');
    assert(JSON.stringify(list).includes(app.id));
  });

  it('can be changed; what is absent stays', async () => {
    const id = await make({ scopes: ['tracking_api:write', 'tracking_api:write'] });
    const patch = (body: object) => rig.call('PATCH', `/oauth/apps/${id}`, { body });
    await patch({ tokenLifetime: '3w', scopes: ['public_api:read_write', 'functions:write'] });
    const changed = await patch({ name: 'store' });
    assert.partialDeepStrictEqual(changed.at('data.app'), {
      name: 'store',
      tokenLifetime: '3w',
      scopes: ['public_api:read_write', 'functions:write'],
    });
    assert.equal(config(id)?.tokenSeconds, 1_814_400);
    for (const [field, value] of [
      ['tokenLifetime', '5d'],
      ['scopes', []],
      ['scopes', ['everything']],
      ['name', ''],
    ] as const) {
      assert.equal((await patch({ [field]: value })).status, 422, field);
    }
  });

  it('have at most two keys, no key twice, and a removed one makes room', async () => {
    const id = await make({ publicKey: first.publicKey, publicKeyName: 'spring' });
    assert.equal((await addKey(id, first.publicKey)).status, 409);
    const added = await addKey(id, second.publicKey, 'autumn');
    assert.equal(added.status, 201);
    assert.equal((await addKey(id, third.publicKey)).status, 409);
    assert.equal(config(id)?.keys.length, 2);
    const [oldKey] = config(id)?.keys ?? [];
    const removed = await rig.call('DELETE', `/oauth/apps/${id}/keys/${oldKey?.id}`);
    assert.equal(removed.at('data.app.keys.0.name'), 'autumn');
    assert.deepEqual(config(id)?.keys, [
      { id: added.at('data.keyId'), publicKey: second.publicKey },
    ]);
    assert.equal((await rig.call('DELETE', `/oauth/apps/${id}/keys/${oldKey?.id}`)).status, 404);
    assert.equal((await addKey(id, third.publicKey)).status, 201);
  });

  it('take RSA public keys of 2,048 bits and more in either PEM form, and nothing else', async () => {
    const id = await make();
    const pkcs1 = keys(3_072, 'pkcs1');
    assert.match(pkcs1.publicKey, /BEGIN RSA PUBLIC KEY/);
    assert.equal((await addKey(id, pkcs1.publicKey)).status, 201);
    assert.match(config(id)?.keys[0]?.publicKey ?? '', /^-----BEGIN PUBLIC KEY/);
    const elliptic = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    for (const text of ['x', keys(1_024).publicKey, elliptic.publicKey, first.privateKey]) {
      const answer = await addKey(id, text);
      assert.equal(answer.status, 422);
      assert.equal(answer.at('errors.0.field'), 'publicKey');
      const made = await rig.call('POST', '/oauth/apps', { body: { name: 'a', publicKey: text } });
      assert.equal(made.status, 422);
    }
  });

  it('may write to the sources they are connected to, until those or they are gone', async () => {
    const id = await make();
    const path = `/oauth/apps/${id}/sources`;
    const made = await rig.call('POST', '/sources', {
      body: { slug: 'second', metadataId: 'iUM16Md8P2' },
    });
    const other = String(made.at('data.source.id'));
    for (const sourceId of [source, other, other]) {
      assert.equal((await rig.call('POST', path, { body: { sourceId } })).status, 200);
    }
    assert.deepEqual(config(id)?.sources, [source, other]);
    const seen = await rig.call('GET', `/sources/${other}/oauth`);
    assert.deepEqual(seen.at('data.oauth'), { required: false, appIds: [id] });
    assert.equal((await rig.call('POST', path, { body: { sourceId: 'none' } })).status, 404);
    assert.equal((await rig.call('DELETE', `${path}/${source}`)).status, 200);
    assert.equal((await rig.call('DELETE', `${path}/${source}`)).status, 404);
    assert.deepEqual(config(id)?.sources, [other]);
    await rig.call('DELETE', `/sources/${other}`);
    assert.deepEqual(config(id)?.sources, []);
  });

  it('that are removed leave nothing behind', async () => {
    const id = await make({ publicKey: first.publicKey, sourceIds: [source] });
    assert.equal((await rig.call('DELETE', `/oauth/apps/${id}`)).status, 200);
    assert.equal(config(id), undefined);
    assert.equal((await rig.call('GET', `/oauth/apps/${id}`)).status, 404);
    const left = await rig.store.db.selectFrom('oauth_key').selectAll().execute();
    assert(left.every((key) => key.app_id !== id));
  });

  it('lose all their tokens with one call, and each of them with another', async () => {
    const id = await make();
    const token: AccessToken = {
      id: 'token-1',
      app: id,
      key: 'k',
      generation: 0,
      scope: 'tracking_api:write',
      issuedAt: clock.now() / 1000,
      expiresAt: clock.now() / 1000 + 60,
    };
    const secret = secretOf(rig);
    const revoke = (text: string) =>
      rig.call('POST', '/oauth/revoke-token', { body: { token: text } });
    const revoked = () => rig.control.snapshot().oauth?.revoked;
    for (const _ of ['once', 'again']) {
      assert.equal((await revoke(signAccessToken(token, secret))).status, 200);
    }
    assert.deepEqual(revoked(), ['token-1']);
    assert.equal((await revoke('a.b.c')).status, 404);
    const foreign = signAccessToken(token, Buffer.alloc(32).toString('base64url'));
    assert.equal((await revoke(foreign)).status, 404);
    clock.advance(60_000);
    const next = { ...token, id: 'token-2', expiresAt: clock.now() / 1000 + 60 };
    await revoke(signAccessToken(next, secret));
    assert.deepEqual(revoked(), ['token-2'], 'an expired one need not be remembered');
    assert.equal((await rig.call('POST', `/oauth/apps/${id}/revoke-tokens`)).status, 200);
    assert.equal(config(id)?.generation, 1);
    assert.deepEqual(revoked(), [], 'they are refused for their generation');
  });

  it('have no more tokens revoked one by one than the snapshot should carry', async () => {
    const id = await make();
    const rows = Array.from({ length: limits.revokedTokens }, (_, index) => ({
      id: `many-${index}`,
      app_id: id,
      position: 0,
      expires_at: clock.now() + 1,
    }));
    for (let from = 0; from < rows.length; from += 1_000) {
      const some = rows.slice(from, from + 1_000);
      await rig.store.db.insertInto('oauth_revoked_token').values(some).execute();
    }
    const times = { issuedAt: 0, expiresAt: clock.now() / 1000 + 60 };
    const said = { id: 'more', app: id, key: 'k', generation: 0, scope: '', ...times };
    const text = signAccessToken(said, secretOf(rig));
    const refused = await rig.call('POST', '/oauth/revoke-token', { body: { token: text } });
    assert.equal(refused.status, 409);
  });

  it('may be required by a source, and that shows in the snapshot only then', async () => {
    const path = `/sources/${source}/oauth`;
    const required = () => rig.control.snapshot().sources[0]?.requiresOAuth;
    assert.equal(required(), undefined);
    const set = await rig.call('PATCH', path, { body: { required: true } });
    assert.equal(set.at('data.oauth.required'), true);
    assert.equal(required(), true);
    await rig.call('PATCH', path, { body: { required: false } });
    assert.equal(required(), undefined);
  });
});
