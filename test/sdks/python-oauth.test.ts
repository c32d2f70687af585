import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { assertion, tokenForm } from '../../src/ingest/testing/oauth-client.ts';
import { valuesAt } from '../e2e/assert-delivery.ts';
import { type OAuthStand, startOAuthStand } from '../e2e/oauth-stand.ts';
import { testEnvironment } from '../env.ts';
import { eventually } from '../rig/eventually.ts';
import { testWriteKey } from '../rig/server.ts';
import { python } from '../services/toolchains.ts';
import { pip } from './install/pip.ts';

const skip = python.find() === undefined && 'no python3 with pip here';
const program = join(import.meta.dirname, 'python', 'run_segment_oauth.py');

/** A running client: its events are sent one by one, and what it was answered can be seen. */
function startClient(t: TestContext, stand: OAuthStand, clockAheadSeconds = 0) {
  const { server, appId, keyId, key } = stand;
  const child = spawn('python3', [program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: testEnvironment({
      PYTHONPATH: pip('segment-analytics-python==2.4.0'),
      PYTHONDONTWRITEBYTECODE: '1',
    }),
  });
  t.after(() => child.kill('SIGKILL'));
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const credentials = { clientId: appId, keyId, clientKey: key.privateKey };
  const job = { url: server.url, writeKey: testWriteKey, ...credentials, clockAheadSeconds };
  child.stdin.write(`${JSON.stringify(job)}\n`);
  let sent = 0;
  const isSettled = () => lines.filter((line) => line === 'flushed').length === sent;
  return {
    isSettled,
    /** `/token 200`, `/v1/batch 200`, …; and `lost …`. */
    answers: () => lines.filter((line) => line !== 'flushed').map((line) => line.slice(7)),
    lost: () => lines.filter((line) => line.startsWith('lost')),
    begin: (event: string) => {
      sent += 1;
      child.stdin.write(`${event}\n`);
    },
    settled: () => eventually(`the SDK is done with ${sent} events`, isSettled),
  };
}

async function arrived({ receiver }: OAuthStand, ...events: readonly string[]): Promise<void> {
  const taken = await receiver.waitFor(`${events}`, (all) => all.length >= events.length);
  assert.deepEqual(valuesAt(taken, 'event'), events);
}

test('segment-analytics-python 2 with its OAuth options writes to a source that requires OAuth, and after a revocation too', {
  skip,
}, async (t) => {
  const stand = await startOAuthStand(t);
  const sdk = startClient(t, stand);
  sdk.begin('first');
  await sdk.settled();
  assert.deepEqual(sdk.answers(), ['/token 200', '/v1/batch 200']);
  await stand.oauth('revoke-tokens', 'shop');
  const sent = ['first'];
  await eventually('a request met the revocation', async () => {
    sdk.begin('again');
    sent.push('again');
    await sdk.settled();
    return sdk.answers().includes('/v1/batch 511');
  });
  assert.deepEqual(sdk.answers().slice(-3), ['/v1/batch 511', '/token 200', '/v1/batch 200']);
  assert.deepEqual(sdk.lost(), []);
  await arrived(stand, ...sent);
});

for (const hours of [1, -1]) {
  test(`segment-analytics-python 2 whose clock is ${hours} h off corrects it by the answer, and loses nothing`, {
    skip,
  }, async (t) => {
    const stand = await startOAuthStand(t);
    const sdk = startClient(t, stand, hours * 3_600);
    sdk.begin('off');
    await sdk.settled();
    assert.deepEqual(sdk.answers(), ['/token 400', '/token 200', '/v1/batch 200']);
    await arrived(stand, 'off');
  });
}

test('segment-analytics-python 2 that asks too often waits as it is told, then goes on', {
  skip,
}, async (t) => {
  const stand = await startOAuthStand(t);
  const { server, appId, keyId } = stand;
  const sdk = startClient(t, stand);
  const isLimited = () => sdk.answers().includes('/token 429');
  let isBusy = true;
  t.after(() => {
    isBusy = false;
  });
  const busy = Array.from({ length: 4 }, async () => {
    while (isBusy) {
      const jwt = assertion(Date.now(), { sub: appId, aud: server.url }, { kid: keyId });
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      await fetch(`${server.url}/token`, { method: 'POST', headers, body: tokenForm(jwt) });
    }
  });
  let sent = 0;
  await eventually(
    'the SDK meets the limit',
    async () => {
      if (sent > 0) await stand.oauth('revoke-tokens', 'shop');
      sdk.begin('patient');
      sent += 1;
      await eventually('it is limited, or done', () => isLimited() || sdk.isSettled());
      return isLimited();
    },
    { within: 60_000 },
  );
  isBusy = false;
  await Promise.all(busy);
  await sdk.settled();
  assert.deepEqual(sdk.lost(), []);
  assert.deepEqual(sdk.answers().slice(-2), ['/token 200', '/v1/batch 200']);
  await arrived(stand, ...Array(sent).fill('patient'));
});

test('segment-analytics-python 2 with a key that the app does not have reports its events as lost', {
  skip,
}, async (t) => {
  const stand = await startOAuthStand(t);
  const sdk = startClient(t, { ...stand, key: stand.newKey('other') });
  sdk.begin('unknown');
  await sdk.settled();
  assert.match(sdk.lost()[0] ?? '', /invalid_client: The signature of the assertion does not hold/);
  assert.deepEqual(sdk.answers().slice(0, 1), ['/token 401']);
});
