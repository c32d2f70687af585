import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { type AccessToken, signAccessToken } from '../../core/access-token.ts';
import type { OAuthConfig } from '../../core/oauth.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { errorOf, type IngestRig, sourceConfig, startIngest } from '../testing/ingest-rig.ts';
import { appConfig, oauthSecret } from '../testing/oauth-client.ts';

const event = { type: 'track', userId: 'u', event: 'e' };
const body = { writeKey: 'key', batch: [event, event] };

/** The source `src` requires OAuth, `open` does not; the app `app` may write to both but `third`. */
async function start(t: TestContext) {
  const rig = await startIngest(t, await openMemoryLogEngine({ clock: new ManualClock() }));
  configure(rig, {});
  return rig;
}

function configure(rig: IngestRig, oauth: Partial<OAuthConfig>): void {
  rig.configure(
    [
      sourceConfig('src', { writeKeys: ['key'], requiresOAuth: true }),
      sourceConfig('open', { writeKeys: ['open'] }),
      sourceConfig('third', { writeKeys: ['third'] }),
    ],
    {
      oauth: {
        secret: oauthSecret,
        apps: [appConfig({ sources: ['src', 'open'] })],
        revoked: [],
        ...oauth,
      },
    },
  );
}

function token(rig: IngestRig, more: Partial<AccessToken> = {}, secret = oauthSecret): string {
  const issuedAt = Math.floor(rig.clock.now() / 1000);
  const expiresAt = issuedAt + 86_400;
  const said = { id: 't', app: 'app', key: 'key', generation: 0, issuedAt, expiresAt };
  return signAccessToken({ ...said, scope: 'tracking_api:write', ...more }, secret);
}

const bearer = (text: string) => ({ Authorization: `Bearer ${text}` });

describe('a source that requires OAuth', () => {
  test('takes a batch with a token and the write key in the body', async (t) => {
    const rig = await start(t);
    for (const scheme of ['Bearer', 'bearer']) {
      const headers = { Authorization: `${scheme} ${token(rig)}` };
      assert.equal((await rig.post('/v1/batch', body, headers)).status, 200);
    }
    const single = { ...event, write_key: 'key' };
    assert.equal((await rig.post('/v1/track', single, bearer(token(rig)))).status, 200);
    const metas = (await rig.stored()).map(({ meta }) => meta.discard);
    assert.deepEqual(metas, [undefined, undefined, undefined]);
  });

  test('refuses a write key alone, wherever it stands, and records its events as discards', async (t) => {
    const rig = await start(t);
    const basic = { Authorization: `Basic ${Buffer.from('key:').toString('base64')}` };
    for (const headers of [{}, basic, { Authorization: 'Token x' }]) {
      const answer = await rig.post('/v1/batch', body, headers);
      assert.equal(answer.status, 401);
      assert.partialDeepStrictEqual(errorOf(answer), {
        type: 'authentication_error',
        code: 'oauth_required',
      });
    }
    const stored = await rig.stored();
    assert.deepEqual(
      stored.map(({ meta }) => meta.discard),
      Array(3).fill('oauth_required'),
    );
    assert.deepEqual(JSON.parse(stored[0]?.text ?? ''), body);
    const metrics = await rig.registry.metrics();
    assert.match(metrics, /events_refused_total\{source="src",code="oauth_required"\} 6/);
    assert.match(metrics, /requests_total\{code="oauth_required"\} 3/);
  });

  test('shows a picture for a pixel without a token, and records a discard', async (t) => {
    const rig = await start(t);
    const path = '/v1/pixel/track?writeKey=key&userId=u&event=e';
    assert.equal((await rig.send({ method: 'GET', path })).status, 200);
    assert.equal((await rig.stored())[0]?.meta.discard, 'oauth_required');
  });
});

/** Each kind of token that is refused, with its status and code. */
const refused: readonly (readonly [
  string,
  number,
  string,
  (rig: IngestRig) => string,
  Partial<OAuthConfig>?,
])[] = [
  ['signed by nobody here', 401, 'oauth_token_invalid', (rig) => token(rig, {}, 'b3RoZXI')],
  ['of an app that is gone', 401, 'oauth_token_invalid', (rig) => token(rig), { apps: [] }],
  [
    'that has expired',
    401,
    'oauth_token_expired',
    (rig) => token(rig, { expiresAt: rig.clock.now() / 1000 }),
  ],
  [
    'of a key that was removed',
    401,
    'oauth_token_expired',
    (rig) => token(rig, { key: 'removed' }),
  ],
  [
    'of before all were revoked',
    401,
    'oauth_token_expired',
    (rig) => token(rig),
    { apps: [appConfig({ generation: 1 })] },
  ],
  ['that was revoked', 401, 'oauth_token_expired', (rig) => token(rig), { revoked: ['t'] }],
  [
    'for other scopes',
    403,
    'oauth_scope_missing',
    (rig) => token(rig, { scope: 'functions:write' }),
  ],
  [
    'of an app that may not write to the source',
    403,
    'oauth_source_not_connected',
    (rig) => token(rig),
    { apps: [appConfig({ sources: ['third'] })] },
  ],
];

describe('an access token', () => {
  for (const [what, status, code, make, oauth = {}] of refused) {
    for (const key of ['key', 'open']) {
      test(`${what} is refused by the source ${key}, and the events are discards`, async (t) => {
        const rig = await start(t);
        if (Object.keys(oauth).length > 0) {
          const before = await rig.post(
            '/v1/batch',
            { ...body, writeKey: key },
            bearer(token(rig)),
          );
          assert.equal(before.status, 200);
        }
        configure(rig, oauth);
        const answer = await rig.post('/v1/batch', { ...body, writeKey: key }, bearer(make(rig)));
        assert.equal(answer.status, status, answer.text);
        assert.partialDeepStrictEqual(errorOf(answer), { code });
        assert.equal((await rig.stored()).at(-1)?.meta.discard, code);
      });
    }
  }

  test('that ran out while it was remembered is refused', async (t) => {
    const rig = await start(t);
    const headers = bearer(token(rig));
    assert.equal((await rig.post('/v1/batch', body, headers)).status, 200);
    rig.clock.advance(86_400_000);
    assert.equal((await rig.post('/v1/batch', body, headers)).status, 401);
  });

  test('that can be had anew costs a client that repeats at 511 no event', async (t) => {
    const rig = await start(t);
    const old = bearer(token(rig, { key: 'removed' }));
    for (const agent of ['analytics-node-next/latest', 'analytics-python/2.4.0']) {
      const answer = await rig.post('/v1/batch', body, { ...old, 'User-Agent': agent });
      assert.equal(answer.status, 511);
      assert.partialDeepStrictEqual(errorOf(answer), { code: 'oauth_token_expired' });
      const junk = { ...bearer(token(rig, {}, 'b3RoZXI')), 'User-Agent': agent };
      assert.equal(
        (await rig.post('/v1/batch', body, junk)).status,
        401,
        'no new one is to be had',
      );
    }
    const discards = (await rig.stored()).map(({ meta }) => meta.discard);
    assert.deepEqual(discards, ['oauth_token_invalid', 'oauth_token_invalid']);
    assert.match(await rig.registry.metrics(), /requests_total\{code="oauth_token_expired"\} 2/);
  });

  test('of somebody else is nobody`s business where none is required', async (t) => {
    const rig = await start(t);
    const open = { ...body, writeKey: 'open' };
    assert.equal((await rig.post('/v1/batch', open, bearer('some.gateway.token'))).status, 200);
    assert.equal((await rig.post('/v1/batch', open, bearer(''))).status, 200);
    const required = await rig.post('/v1/batch', body, bearer('some.gateway.token'));
    assert.partialDeepStrictEqual(errorOf(required), { code: 'oauth_token_invalid' });
  });

  test('does not stand in for the write key', async (t) => {
    const rig = await start(t);
    const answer = await rig.post('/v1/batch', { batch: [event] }, bearer(token(rig)));
    assert.equal(answer.status, 401);
    assert.deepEqual(await rig.stored(), []);
  });
});
