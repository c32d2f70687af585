import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isJsonObject, type JsonObject } from '../../src/core/json.ts';
import { api } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import { startReceiver } from '../rig/receiver.ts';
import { type Server, testToken } from '../rig/server.ts';
import { basic, track } from '../rig/track.ts';
import { startStand } from './stand.ts';

const event = { userId: 'u', event: 'E' };
const source = 'workspaces/default/sources/js';
const webhooks = `${source}/destinations/webhooks`;

test('the tutorial of the Config API makes a source and a destination through the one port; events arrive once it is enabled', async (t) => {
  const { server } = await startStand(t);
  const receiver = await startReceiver();
  t.after(receiver.close);
  await api(server, 'GET', '/');

  const made = await curl(
    server,
    'POST',
    '/workspaces/default/sources',
    `{'source': {'name': '${source}', 'catalog_name': 'catalog/sources/javascript'}}`,
  );
  const [writeKey] = Array.isArray(made['write_keys']) ? made['write_keys'] : [];
  const destination = await curl(
    server,
    'POST',
    `/${source}/destinations/`,
    `{
      'destination': {
        'name': '${webhooks}',
        'connection_mode': 'CLOUD',
        'config': [
          { 'value': ['${receiver.url}'], 'type': 'list', 'name': '${webhooks}/config/hooks' }
        ]
      }
    }`,
  );
  assert.equal(destination['enabled'], false);
  const patched = await curl(
    server,
    'PATCH',
    `/${webhooks}`,
    `{ 'destination': { 'enabled': 'true' }, 'update_mask': { 'paths': ['destination.enabled'] } }`,
  );
  assert.equal(patched['enabled'], true);

  const authorization = basic(String(writeKey));
  const isTaken = async () =>
    (await track(server, '/v1/track', event, { authorization })).status === 200;
  await eventually('the new key is known', isTaken, { every: 50 });
  const [delivery] = await receiver.waitFor('the event', (all) => all.length >= 1);
  assert.partialDeepStrictEqual(delivery?.event, event);

  const counted = async () => {
    const { metrics } = await curl(server, 'GET', `/${webhooks}/metrics:getSummary`);
    const [successes] = Array.isArray(metrics) ? metrics : [];
    return isJsonObject(successes) && Number(successes['total']) >= 1;
  };
  await eventually('the delivery is counted', counted, { within: 60_000, every: 500 });
});

/** As `curl -d` does: the body is labelled as a form. */
async function curl(
  server: Server,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: string,
): Promise<JsonObject> {
  const answer = await fetch(`${server.url}/v1beta${path}`, {
    method,
    headers: {
      authorization: `Bearer ${testToken}`,
      ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(body !== undefined && { body }),
  });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text);
}
