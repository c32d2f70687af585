import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { Analytics } from '@segment/analytics-node';
import { isJsonObject, type JsonObject } from '../../src/core/json.ts';
import { assertion, tokenForm } from '../../src/ingest/testing/oauth-client.ts';
import { testEnvironment } from '../env.ts';
import { api, valueAt } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import { repository } from '../rig/repository.ts';
import { type Server, startServer, testWriteKey } from '../rig/server.ts';
import { basic, track } from '../rig/track.ts';
import { valuesAt } from './assert-delivery.ts';
import { type ClientKey, type OAuthStand, plain, startOAuthStand } from './oauth-stand.ts';
import { sixCalls } from './six-calls.ts';

/** A client of the SDK, and the answers it got: `/token 200`, `/v1/batch 511`, … */
function client(
  t: TestContext,
  { server, appId, keyId, key }: OAuthStand,
  { flushAt = 1, ...more }: { flushAt?: number; maxRetries?: number } = {},
) {
  const answers: string[] = [];
  const lost: unknown[] = [];
  const analytics = new Analytics({
    writeKey: testWriteKey,
    host: server.url,
    flushAt,
    httpClient: async (url, options) => {
      const answer = await fetch(url, options);
      answers.push(`${new URL(url).pathname} ${answer.status}`);
      return answer;
    },
    oauthSettings: {
      clientId: appId,
      clientKey: key.privateKey,
      keyId,
      authServer: server.url,
      ...more,
    },
  });
  analytics.on('error', (problem) => lost.push(problem));
  t.after(() => analytics.closeAndFlush({ timeout: 100 }));
  /** Resolves when the SDK has told the fate of the call. */
  const send = (event: string) =>
    new Promise<void>((resolve) => {
      analytics.track({ userId: 'u', event }, () => resolve());
    });
  return { analytics, answers, lost, send };
}

async function arrived({ receiver }: OAuthStand, ...events: readonly string[]): Promise<void> {
  await receiver.waitFor(`${events}`, (all) => all.length >= events.length);
  assert.deepEqual(valuesAt(receiver.taken, 'event'), events);
}

test('@segment/analytics-node 3 with oauthSettings writes to a source that requires OAuth', async (t) => {
  const stand = await startOAuthStand(t);
  const { analytics, answers, lost } = client(t, stand, { flushAt: 6 });
  for (const [type, call] of Object.entries(sixCalls)) {
    Reflect.apply(Reflect.get(analytics, type), analytics, [call]);
  }
  await analytics.closeAndFlush();
  const taken = await stand.receiver.waitFor('six deliveries', (all) => all.length >= 6);
  assert.deepEqual(new Set(valuesAt(taken, 'type')), new Set(Object.keys(sixCalls)));
  assert.deepEqual(lost, []);
  assert.equal(answers.filter((answer) => answer === '/token 200').length, 1);
  assert(!answers.some((answer) => answer.startsWith('/v1/batch 4')));
});

test('a write key alone is refused there, is a discard, and is taken again when OAuth is not required', async (t) => {
  const stand = await startOAuthStand(t);
  const { server, receiver } = stand;
  const refused = await plain(stand);
  assert.equal(refused.status, 401);
  assert.equal(valueAt(await refused.json(), 'error.code'), 'oauth_required');
  const discards = async () =>
    valueAt(await api(server, 'GET', '/discards?code=oauth_required'), 'data.discards.0');
  const discard = await eventually('the discard is listed', async () => {
    const found = await discards();
    return isJsonObject(found) && found;
  });
  assert.match(JSON.stringify(discard), /plain/);
  await stand.oauth('require', 'http-api', 'off');
  await eventually('it is taken', async () => (await plain(stand)).status === 200, {
    within: 1_000,
  });
  await receiver.waitFor('the event', (all) => all.length >= 1);
});

test('revoked tokens cost the SDK no event: it fetches another and sends again', async (t) => {
  const stand = await startOAuthStand(t);
  const sdk = client(t, stand);
  await sdk.send('first');
  await stand.oauth('revoke-tokens', 'shop');
  // What is refused for its token comes again with a new one; the command has returned, the snapshot travels.
  await eventually('a request met the revocation', async () => {
    await sdk.send('again');
    return sdk.answers.includes('/v1/batch 511');
  });
  assert.deepEqual(sdk.lost, []);
  assert.deepEqual(sdk.answers.slice(-3), ['/v1/batch 511', '/token 200', '/v1/batch 200']);
  const sent = sdk.answers.filter((answer) => answer === '/v1/batch 200').length;
  const taken = await stand.receiver.waitFor('every event', (all) => all.length >= sent);
  assert.deepEqual(valuesAt(taken, 'event'), ['first', ...Array(sent - 1).fill('again')]);
});

test('keys are rotated without a lost event, and the removed one is worth nothing', async (t) => {
  const stand = await startOAuthStand(t);
  const old = client(t, stand, { maxRetries: 1 });
  await old.send('by the old key');
  const key: ClientKey = stand.newKey('second');
  const added: JsonObject = JSON.parse(await stand.oauth('add-key', 'shop', key.publicFile));
  const keyId = String(valueAt(added, 'keys.1.id'));
  const next = client(t, { ...stand, keyId, key });
  await eventually('the next key holds', async () => {
    await next.send('by the next key');
    return next.lost.length === 0;
  });
  await old.send('by the old key');
  await stand.oauth('remove-key', 'shop', stand.keyId);
  await next.send('by the next key');
  await eventually('the old key is refused', async () => {
    const jwt = assertion(
      Date.now(),
      { sub: stand.appId, aud: stand.server.url },
      { kid: stand.keyId },
      stand.key.privateKey,
    );
    return (await askForToken(stand.server, jwt)).status === 401;
  });
  await next.send('by the next key');
  assert.deepEqual([...old.lost, ...next.lost], []);
  await arrived(
    stand,
    ...['by the old key', 'by the next key', 'by the old key', 'by the next key'],
    'by the next key',
  );
});

test('a client whose clock is an hour off corrects it by the answer, and loses nothing', async (t) => {
  const stand = await startOAuthStand(t);
  const { server, appId, keyId, key } = stand;
  for (const hours of [1, -1]) {
    // The clock of a machine, for all that runs in the process.
    const program = `
      const RealDate = Date;
      const shift = ${hours * 3_600_000};
      globalThis.Date = class extends RealDate {
        constructor(...args) { super(...(args.length === 0 ? [RealDate.now() + shift] : args)); }
        static now() { return RealDate.now() + shift; }
      };
      const { Analytics } = await import('@segment/analytics-node');
      const analytics = new Analytics(${JSON.stringify({ writeKey: testWriteKey, host: server.url, oauthSettings: { clientId: appId, clientKey: key.privateKey, keyId, authServer: server.url } })});
      analytics.on('error', (problem) => { console.error(problem); process.exitCode = 1; });
      analytics.on('http_response', ({ status }) => console.log(status));
      analytics.track({ userId: 'u', event: 'clock ${hours}' });
      await analytics.closeAndFlush();
    `;
    const { code, stdout, stderr } = await runNode(program);
    assert.deepEqual([code, stdout.trim()], [0, '200'], stderr);
  }
  await arrived(stand, 'clock 1', 'clock -1');
});

test('an SDK that asks too often waits as it is told, then goes on', async (t) => {
  const stand = await startOAuthStand(t);
  const { server, appId, keyId } = stand;
  let isBusy = true;
  t.after(() => {
    isBusy = false;
  });
  const claims = { sub: appId, aud: server.url };
  const busy = Array.from({ length: 4 }, async () => {
    while (isBusy) {
      // Signed by a stranger: it takes of the app's rate all the same.
      await askForToken(server, assertion(Date.now(), claims, { kid: keyId }));
    }
  });
  const sdk = await eventually(
    'an SDK meets the limit',
    async () => {
      const tried = client(t, stand);
      const sent = tried.send('patient');
      await eventually('an answer', () => tried.answers.length > 0);
      if (tried.answers[0] === '/token 429') return { ...tried, sent };
      await sent;
      return undefined;
    },
    { within: 60_000 },
  );
  isBusy = false;
  await Promise.all(busy);
  await sdk.sent;
  assert.deepEqual(sdk.lost, []);
  assert.deepEqual(sdk.answers.slice(-2), ['/token 200', '/v1/batch 200']);
});

test('a used assertion is refused for as long as it lives, also after the server was killed', async (t) => {
  const stand = await startOAuthStand(t);
  const { server, appId, keyId, key } = stand;
  const claims = { sub: appId, aud: server.url };
  const made = () => assertion(Date.now(), claims, { kid: keyId }, key.privateKey);
  const jwt = made();
  assert.equal((await askForToken(server, jwt)).status, 200);
  assert.equal((await askForToken(server, jwt)).status, 401);
  await server.kill();
  const next = await startServer({ folder: server.folder, port: server.port });
  t.after(() => next.kill());
  const again = await askForToken(next, jwt);
  assert.equal(again.status, 401);
  assert.deepEqual(await again.json(), {
    error: 'invalid_client',
    error_description: 'The assertion was used before',
  });
  assert.equal((await askForToken(next, made())).status, 200);
});

test('an app that is disconnected or removed may no longer write, and one token can be revoked alone', async (t) => {
  const stand = await startOAuthStand(t);
  const { server, appId, keyId, key, oauth } = stand;
  const token = async () => {
    const claims = { sub: appId, aud: server.url };
    const jwt = assertion(Date.now(), claims, { kid: keyId }, key.privateKey);
    return String(valueAt(await (await askForToken(server, jwt)).json(), 'access_token'));
  };
  const first = await token();
  const second = await token();
  const write = async (with_: string) => {
    const body = { userId: 'u', event: 'e', writeKey: testWriteKey };
    const answer = await track(server, '/v1/track', body, { authorization: `Bearer ${with_}` });
    return `${answer.status} ${valueAt(await answer.json(), 'error.code') ?? ''}`;
  };
  const becomes = (wanted: string, with_: string) =>
    eventually(wanted, async () => (await write(with_)) === wanted, { within: 1_000 });
  assert.equal(await write(first), '200 ');
  await oauth('revoke-token', first);
  await becomes('401 oauth_token_expired', first);
  assert.equal(await write(second), '200 ');
  await oauth('disconnect', 'shop', 'http-api');
  await becomes('403 oauth_source_not_connected', second);
  await oauth('connect', 'shop', 'http-api');
  await becomes('200 ', second);
  await oauth('remove', 'shop');
  await becomes('401 oauth_token_invalid', second);
  const bare = await track(server, '/v1/track', {}, { authorization: basic(testWriteKey) });
  assert.equal(valueAt(await bare.json(), 'error.code'), 'oauth_required');
});

function askForToken(server: Server, jwt: string): Promise<Response> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return fetch(`${server.url}/token`, { method: 'POST', headers, body: tokenForm(jwt) });
}

/** Runs a program in a Node of its own, with the packages of the repository. */
async function runNode(program: string) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: repository,
    env: testEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  const ended = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  return { code, stdout, stderr };
}
