import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import type { DeletedUser, UserDeletion } from '../../core/deletion.ts';
import type { Http, HttpRequest } from '../../core/http.ts';
import type { JsonObject } from '../../core/json.ts';
import { libraryDefinitions } from './library-definitions.ts';

async function rig() {
  const requests: HttpRequest[] = [];
  let status = 200;
  const http: Http = {
    request: async (request) => {
      requests.push(request);
      return { status, headers: { 'content-type': 'application/json' }, body: '{}' };
    },
  };
  const tokens = { read: async () => undefined, write: async () => undefined };
  const definitions = await libraryDefinitions({
    ...{ clock: systemClock, tokens, ownConnections: new Set<string>() },
  });
  const ask = (slug: string, settings: JsonObject, user: DeletedUser): Promise<UserDeletion> => {
    const definition = definitions.find((one) => one.slug === slug);
    assert(definition?.deleteUser !== undefined);
    const { signal } = new AbortController();
    const context = { http, signal, regulation: 'r', askedAt: 0 };
    return definition.deleteUser({ id: 'd', settings }, user, context);
  };
  return {
    ...{ requests, ask },
    answer: (next: number) => {
      status = next;
    },
  };
}

test('a vendor is asked to delete an end user, and what it says comes back', async () => {
  const { ask, requests, answer } = await rig();
  const settings = { apiKey: 'key', secretKey: 'secret', endpoint: 'north_america' };
  const of = (user: DeletedUser) => ask('actions-amplitude', settings, user);
  assert.deepEqual(await of({ userId: 'u7' }), { state: 'deleted' });
  assert.match(requests[0]?.url ?? '', /amplitude\.com.*deletions/);
  assert.match(String(requests[0]?.body), /u7/);
  answer(503);
  const later = await of({ userId: 'u7' });
  assert(later.state === 'failed' && later.retry);
  answer(403);
  const never = await of({ userId: 'u7' });
  assert(never.state === 'failed' && !never.retry);
});

test('what cannot delete says so without a word to the vendor; so do wrong settings', async () => {
  const { ask, requests } = await rig();
  const user = { userId: 'u' };
  assert.deepEqual(await ask('actions-webhook', {}, user), { state: 'unsupported' });
  const missing = await ask('actions-klaviyo', {}, user);
  assert(missing.state === 'failed' && !missing.retry);
  assert.match(missing.message, /api_key/);
  const own = await ask('actions-kafka', {}, user);
  assert(own.state === 'failed' && !own.retry);
  assert.match(own.message, /TRIBUTARY_OWN_CONNECTIONS/);
  assert.equal(requests.length, 0);
});
