import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, type TestContext, test } from 'node:test';
import { verifyAccessToken } from '../../core/access-token.ts';
import { limits } from '../../core/limits.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { type IngestRig, sourceConfig, startIngest } from '../testing/ingest-rig.ts';
import { appConfig, assertion, keyPair, oauthSecret, tokenForm } from '../testing/oauth-client.ts';

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

async function startServer(t: TestContext, deps: Parameters<typeof startIngest>[2] = {}) {
  const rig = await startIngest(t, await openMemoryLogEngine({ clock: new ManualClock() }), deps);
  allow(rig);
  return rig;
}

function allow(rig: IngestRig, ...apps: Parameters<typeof appConfig>): void {
  rig.configure([sourceConfig('src', { writeKeys: ['key'] })], {
    oauth: { secret: oauthSecret, apps: [appConfig(...apps)], revoked: [] },
  });
}

/** What the clock of the rig says, and the audience that the rig answers to. */
function made(rig: IngestRig, ...[claims, ...rest]: Tail<Parameters<typeof assertion>>): string {
  const aud = `http://127.0.0.1:${rig.port}`;
  return assertion(rig.clock.now(), { aud, ...claims }, ...rest);
}

type Tail<T extends readonly unknown[]> = T extends [unknown, ...infer Rest] ? Rest : never;

const ask = (rig: IngestRig, body: string, headers: Record<string, string> = form) =>
  rig.send({ path: '/token', headers, body });

describe('POST /token', () => {
  test('gives a token for what the SDKs send', async (t) => {
    const rig = await startServer(t);
    const answer = await ask(rig, tokenForm(made(rig)));
    assert.equal(answer.status, 200, answer.text);
    const { access_token, ...rest } = answer.json;
    assert.deepEqual(rest, {
      token_type: 'Bearer',
      expires_in: 86_400,
      scope: 'tracking_api:write',
    });
    const now = Math.floor(rig.clock.now() / 1000);
    assert.partialDeepStrictEqual(verifyAccessToken(String(access_token), oauthSecret), {
      app: 'app',
      key: 'key',
      generation: 0,
      scope: 'tracking_api:write',
      issuedAt: now,
      expiresAt: now + 86_400,
    });
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert(answer.headers.date, 'the SDKs set their clock by it');
  });

  test('takes any iss or none, an aud with or without a slash or path, and gives all scopes when none is named', async (t) => {
    const rig = await startServer(t);
    allow(rig, { scopes: ['tracking_api:write', 'functions:write'] });
    const { port } = rig;
    for (const claims of [
      { iss: undefined },
      { iss: `http://127.0.0.1:${port}` },
      { aud: `http://127.0.0.1:${port}/` },
      { aud: `https://127.0.0.1:${port}/token` },
      { aud: ['https://example.com', `http://127.0.0.1:${port}`] },
    ]) {
      const answer = await ask(rig, tokenForm(made(rig, claims)));
      assert.equal(answer.status, 200, answer.text);
    }
    const all = await ask(rig, tokenForm(made(rig), ''));
    assert.equal(all.json['scope'], 'tracking_api:write functions:write');
    const escaped = encodeURI(tokenForm(made(rig), 'functions:write'));
    assert.equal((await ask(rig, escaped)).json['scope'], 'functions:write');
  });

  test('takes the configured address and the names that trusted proxies tell as its own', async (t) => {
    const clients = { publicUrl: 'https://events.example.com', trustedProxies: ['127.0.0.1'] };
    const rig = await startServer(t, { clients });
    const at = async (aud: string, headers = {}) =>
      (await ask(rig, tokenForm(made(rig, { aud })), { ...form, ...headers })).status;
    assert.equal(await at('https://events.example.com'), 200);
    const proxied = { 'X-Forwarded-For': '192.0.2.1', 'X-Forwarded-Host': 't.example.org' };
    assert.equal(await at('https://t.example.org', proxied), 200);
    assert.equal(await at('https://t.example.org'), 401);
  });

  test('refuses an assertion that was used before, also after a restart', async (t) => {
    const lines: string[] = [];
    const assertionFile = {
      read: () => lines,
      append: (line: string) => void lines.push(line),
      replace: (next: readonly string[]) => void lines.splice(0, lines.length, ...next),
    };
    const rig = await startServer(t, { assertionFile });
    const jwt = made(rig, { aud: 'http://server.test' });
    const host = { ...form, Host: 'server.test' };
    assert.equal((await ask(rig, tokenForm(jwt), host)).status, 200);
    const again = await ask(rig, tokenForm(jwt), host);
    assert.equal(again.status, 401);
    assert.equal(again.json['error'], 'invalid_client');
    const other = await startServer(t, { assertionFile, clock: rig.clock });
    assert.equal((await ask(other, tokenForm(jwt), host)).status, 401);
    assert.equal((await ask(await startServer(t), tokenForm(jwt), host)).status, 200, 'no file');
  });

  test('gives no token when the use of the assertion cannot be kept', async (t) => {
    const rig = await startServer(t, {
      assertionFile: {
        read: () => [],
        append: () => assert.fail('the disk is full'),
        replace: () => undefined,
      },
    });
    const answer = await ask(rig, tokenForm(made(rig)));
    assert.equal(answer.status, 503);
    assert.equal(answer.json['error'], 'temporarily_unavailable');
    assert.equal(answer.headers['retry-after'], '5');
  });

  test('tells a client whose clock is off so, in the words by which the SDK for Python corrects it', async (t) => {
    const rig = await startServer(t);
    const now = rig.clock.now() / 1000;
    const at = async (seconds: number) => {
      const answer = await ask(rig, tokenForm(made(rig, times(now + seconds))));
      return [answer.status, answer.json['error_description'] ?? answer.json['token_type']];
    };
    assert.deepEqual(await at(0), [200, 'Bearer']);
    assert.deepEqual(await at(-64), [200, 'Bearer']);
    assert.deepEqual(await at(-66), [400, 'Token is expired']);
    assert.deepEqual(await at(-7_200), [400, 'Token is expired']);
    assert.deepEqual(await at(15), [200, 'Bearer']);
    assert.deepEqual(await at(17), [400, 'Token used before issued']);
    assert.deepEqual(await at(7_200), [400, 'Token used before issued']);
    const long = await ask(rig, tokenForm(made(rig, { iat: now, exp: now + 61 })));
    assert.equal(long.status, 400);
    function times(then: number) {
      return { iat: then - 5, exp: then + 55 };
    }
  });

  test('refuses every other assertion with both words that the SDKs read', async (t) => {
    const rig = await startServer(t);
    const stranger = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const good = made(rig);
    const cases: readonly (readonly [string, number, string])[] = [
      ['no jwt', 400, 'invalid_request'],
      [`${good.slice(0, -20)}`, 401, 'invalid_client'],
      [made(rig, {}, {}, stranger.privateKey), 401, 'invalid_client'],
      [made(rig, {}, { alg: 'none' }), 401, 'invalid_client'],
      [made(rig, {}, { alg: 'HS256' }), 401, 'invalid_client'],
      [made(rig, {}, { kid: undefined }), 400, 'invalid_request'],
      [made(rig, {}, { kid: 'other' }), 401, 'invalid_client'],
      [made(rig, { sub: 'other' }), 401, 'invalid_client'],
      [made(rig, { sub: 7 }), 400, 'invalid_request'],
      [made(rig, { jti: undefined }), 400, 'invalid_request'],
      [made(rig, { jti: '' }), 400, 'invalid_request'],
      [made(rig, { iat: undefined }), 400, 'invalid_request'],
      [made(rig, { exp: 'soon' }), 400, 'invalid_request'],
      [made(rig, { aud: 'https://oauth2.segment.io' }), 401, 'invalid_client'],
      [made(rig, { aud: undefined }), 400, 'invalid_request'],
      [made(rig, { aud: 'no address' }), 401, 'invalid_client'],
      [made(rig, { nbf: rig.clock.now() / 1000 + 60 }), 400, 'invalid_request'],
    ];
    for (const [jwt, status, error] of cases) {
      rig.clock.advance(1_000 / limits.tokenRequestsPerSecond);
      const answer = await ask(rig, tokenForm(jwt));
      assert.deepEqual([answer.status, answer.json['error']], [status, error], answer.text);
      assert.equal(typeof answer.json['error_description'], 'string');
      assert.equal(answer.headers['cache-control'], 'no-store');
    }
    const other = await ask(rig, tokenForm(made(rig, {}, { alg: 'RS384' })));
    assert.equal(other.json['error_description'], 'The assertion must be signed with RS256');
    rig.clock.advance(1_000);
    assert.equal((await ask(rig, tokenForm(good))).status, 200, 'a refusal uses up nothing');
  });

  test('refuses other forms, scopes and media types', async (t) => {
    const rig = await startServer(t);
    const good = tokenForm(made(rig));
    const cases: readonly (readonly [string, number, string])[] = [
      ['', 400, 'invalid_request'],
      [good.replace('client_credentials', 'password'), 400, 'unsupported_grant_type'],
      [good.replace('jwt-bearer', 'saml2-bearer'), 400, 'invalid_request'],
      [good.replace(/client_assertion=[^&]*/, ''), 400, 'invalid_request'],
      [`${good}&scope=functions:write`, 400, 'invalid_request'],
      [good.replace('tracking_api:write', 'functions:write'), 400, 'invalid_scope'],
      [good + 'x'.repeat(limits.tokenRequestBytes), 400, 'invalid_request'],
    ];
    for (const [body, status, error] of cases) {
      const answer = await ask(rig, body);
      assert.deepEqual([answer.status, answer.json['error']], [status, error], answer.text);
    }
    const json = await ask(rig, '{}', { 'Content-Type': 'application/json' });
    assert.equal(json.status, 415);
    const gzip = await ask(rig, good, { ...form, 'Content-Encoding': 'gzip' });
    assert.equal(gzip.status, 415);
    assert.equal((await rig.send({ method: 'GET', path: '/token' })).status, 405);
  });

  test('limits the rate of an app, and says when to come back in the ways of both SDKs', async (t) => {
    const rig = await startServer(t, { clock: new ManualClock() });
    const answers = [];
    for (let index = 0; index <= limits.tokenRequestsPerSecond; index++) {
      answers.push(await ask(rig, tokenForm(made(rig))));
    }
    const last = answers.pop();
    assert(answers.every(({ status }) => status === 200));
    assert.equal(last?.status, 429);
    assert.equal(last?.headers['retry-after'], '1');
    assert.equal(last?.headers['x-ratelimit-reset'], '1');
    assert.equal(typeof last?.json['error_description'], 'string');
    assert.equal(last?.json['error'], 'rate_limit_exceeded');
  });

  test('knows an app by either of its keys, and by none that was removed', async (t) => {
    const rig = await startServer(t);
    const { publicKey } = keyPair;
    allow(rig, {
      keys: [
        { id: 'key', publicKey },
        { id: 'next', publicKey },
      ],
    });
    const by = async (kid: string) => (await ask(rig, tokenForm(made(rig, {}, { kid })))).status;
    assert.deepEqual([await by('key'), await by('next')], [200, 200]);
    allow(rig, { keys: [{ id: 'next', publicKey }] });
    assert.deepEqual([await by('key'), await by('next')], [401, 200]);
    rig.configure([sourceConfig('src', { writeKeys: ['key'] })]);
    assert.equal(await by('next'), 401);
  });

  test('counts what it answers', async (t) => {
    const rig = await startServer(t);
    await ask(rig, tokenForm(made(rig)));
    await ask(rig, tokenForm(made(rig, { sub: 'other' })));
    const metrics = await rig.registry.metrics();
    assert.match(metrics, /token_requests_total\{code="ok"\} 1/);
    assert.match(metrics, /token_requests_total\{code="invalid_client"\} 1/);
  });
});
