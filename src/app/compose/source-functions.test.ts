import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import { silentLogger } from '../../core/logger.ts';
import { createSecretBox } from '../../core/secret-box.ts';
import { loopbackServer } from '../../core/testing/loopback-server.ts';
import { readConfig } from '../config/config.ts';
import { sourceFunctions } from './source-functions.ts';

const secretKey = 'k'.repeat(32);
const request = { url: 'http://cdp.test/fn/key', headers: {}, body: '{"id":"u1"}' };

async function started(more: Record<string, string> = {}) {
  const environment = { TRIBUTARY_DATA: tmpdir(), TRIBUTARY_SECRET_KEY: secretKey, ...more };
  const { config } = await readConfig(environment);
  return sourceFunctions({ config, clock: systemClock, logger: silentLogger });
}

test('the function of a source runs with its settings, the sealed ones opened', async (t) => {
  const functions = await started();
  t.after(() => functions.stop());
  const code = `function onRequest(request, settings) {
    Segment.track({ event: settings.names[0] + settings.plain, userId: request.json().id });
  }`;
  const names = createSecretBox(secretKey).seal('["Opened"]', 'src');
  const { outcome } = await functions.run(
    'src',
    {
      version: { id: 'v', kind: 'source', code },
      secrets: ['names'],
      settings: { names, plain: '!' },
    },
    request,
  );
  assert.deepEqual(outcome, {
    kind: 'emitted',
    calls: [{ type: 'track', payload: { event: 'Opened!', userId: 'u1' } }],
  });
});

test('what code fetches goes through the target guard of the node', async (t) => {
  const server = await loopbackServer((_request, response) => response.end('inside'));
  t.after(() => server.close());
  const code = `async function onRequest() {
    const answer = await fetch('${server.url}').then((got) => got.text(), (error) => error.message);
    Segment.track({ event: answer, userId: 'u' });
  }`;
  const seen = async (allow: string): Promise<unknown> => {
    const functions = await started({ TRIBUTARY_ALLOW_PRIVATE_TARGETS: allow });
    t.after(() => functions.stop());
    const version = { id: 'v', kind: 'source', code } as const;
    const { outcome } = await functions.run('s', { version, secrets: [], settings: {} }, request);
    return outcome.kind === 'emitted' ? outcome.calls[0]?.payload['event'] : outcome;
  };
  assert.equal(await seen('true'), 'inside');
  assert.match(String(await seen('false')), /private|loopback|127\.0\.0\.1/);
  assert.equal(server.connections, 1);
});
