import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import type { Http, HttpRequest } from '../../core/http.ts';
import { createLibraryProbe } from './library-probe.ts';

function probing(answer: (request: HttpRequest) => { status: number; body: string }) {
  const requests: HttpRequest[] = [];
  const http: Http = {
    request: async (request) => {
      requests.push(request);
      return { headers: { 'content-type': 'application/json' }, ...answer(request) };
    },
  };
  const tokens = { read: async () => ({ accessToken: 'newer' }) };
  return { requests, probe: createLibraryProbe({ http, clock: systemClock, tokens }) };
}

const klaviyo = { id: 'd', slug: 'actions-klaviyo', settings: { api_key: 'secret' } };

test('settings that the vendor takes are connected; what it refuses is said, with its status', async () => {
  let status = 200;
  const { probe, requests } = probing(() => ({ status, body: '{"data":[]}' }));
  assert.deepEqual(await probe.test(klaviyo), { state: 'CONNECTED' });
  assert.match(requests[0]?.url ?? '', /klaviyo\.com/);
  status = 401;
  const failed = await probe.test(klaviyo);
  assert(failed.state === 'FAILED');
  assert.match(failed.message, /401/);
  assert(!JSON.stringify(failed).includes('secret'));
});

test('what is missing is said without a word to the vendor, and a kind without a test is unknown', async () => {
  const { probe, requests } = probing(() => ({ status: 200, body: '{}' }));
  const missing = await probe.test({ ...klaviyo, settings: {} });
  assert(missing.state === 'FAILED');
  assert.match(missing.message, /"api_key"/);
  assert.deepEqual(await probe.test({ id: 'd', slug: 'actions-webhook', settings: {} }), {
    state: 'UNKNOWN',
  });
  assert.deepEqual(await probe.test({ id: 'd', slug: 'webhooks', settings: {} }), {
    state: 'UNKNOWN',
  });
  assert.deepEqual(await probe.test({ id: 'd', slug: 'actions-kafka', settings: {} }), {
    state: 'UNKNOWN',
  });
  assert.equal(requests.length, 0);
});

test('a vendor is asked with the newest access token', async () => {
  const { probe, requests } = probing(() => ({ status: 200, body: '{}' }));
  const settings = { oauth_access_token: 'old', oauth_refresh_token: 'more' };
  await probe.test({ id: 'd', slug: 'actions-hubspot-cloud', settings });
  assert.match(JSON.stringify(requests), /newer/);
  assert.doesNotMatch(JSON.stringify(requests), /Bearer old/);
});

test('a dynamic field has the choices that the vendor offers, or says why it has none', async () => {
  let status = 200;
  const lists = { data: [{ id: 'l1', attributes: { name: 'Letters' } }], links: { next: '' } };
  const { probe } = probing(() => ({ status, body: JSON.stringify(lists) }));
  const field = { action: 'upsertProfile', key: 'list_id' };
  assert.deepEqual(await probe.choices(klaviyo, field, {}), {
    choices: [{ label: 'Letters', value: 'l1' }],
  });
  status = 500;
  const { choices, error } = await probe.choices(klaviyo, field, {});
  assert.deepEqual(choices, []);
  assert(error !== undefined && error !== '');
});
