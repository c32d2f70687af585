import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { type TestContext, test } from 'node:test';
import { isJsonObject, type Json } from '../../src/core/json.ts';
import { bodyOf, loopbackServer } from '../../src/core/testing/loopback-server.ts';
import { addLibraryDestination } from '../rig/add-library-destination.ts';
import { api, valueAt } from '../rig/api.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { type Server, startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';

interface Asked {
  readonly what: string;
  readonly body: string;
}

/** A server, and a vendor that keeps what it is asked and answers what the test says. */
async function stand(t: TestContext, answer: (request: IncomingMessage, body: string) => Json) {
  const asked: Asked[] = [];
  const vendor = await loopbackServer(async (request, response) => {
    const body = await bodyOf(request);
    asked.push({ what: `${request.method} ${request.url}`, body });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer(request, body)));
  });
  const folder = await tempFolder('audience-hooks');
  const server = await startServer({ folder: folder.path });
  t.after(async () => {
    await server.kill();
    await vendor.close();
    await folder.remove();
  });
  const find = (what: string) => asked.filter((one) => one.what.includes(what));
  return { server, url: vendor.url.replace(/\/$/, ''), asked, find };
}

/** An audience `big_spenders` of the first space; returns its path. */
async function makeAudience(server: Server): Promise<string> {
  const space = `/spaces/${valueAt(await api(server, 'GET', '/spaces'), 'data.spaces.0.id')}`;
  const made = await api(server, 'POST', `${space}/audiences`, {
    ...{ name: 'Big Spenders', audienceType: 'USERS' },
    definition: { query: "event('Order Completed').count() >= 1" },
  });
  return `${space}/audiences/${valueAt(made, 'data.audience.id')}`;
}

/** A membership as it is sent by who computes it. */
const membership = (email: string) => ({
  ...{ userId: email, event: 'Audience Entered', properties: { big_spenders: true, email } },
  context: { personas: { computation_class: 'audience', computation_key: 'big_spenders' } },
});

function marketo({ url = '' }: IncomingMessage): Json {
  if (url.includes('/oauth/token')) return { access_token: 'fresh' };
  if (url.includes('/folder/')) return { success: true, result: [{ id: 5 }] };
  if (url.includes('staticLists')) return { success: true, result: [{ id: 4711 }] };
  return { success: true };
}

const marketoSettings = (url: string) => ({
  ...{ client_id: 'c', client_secret: 's', folder_name: 'F', api_endpoint: url },
  oauth_access_token: 'old',
});

test('an audience is made at the vendor when it is connected, and its events reach the action with the id it has there', async (t) => {
  const { server, url, find } = await stand(t, (request) =>
    request.url === '/create' ? { externalId: 'ext-77' } : { externalId: 'ext-78' },
  );
  const audience = await makeAudience(server);
  const id = await addLibraryDestination(server, {
    ...{ slug: 'actions-webhook-audiences', action: 'send', trigger: 'type = "track"' },
    settings: { createAudienceUrl: `${url}/create`, getAudienceUrl: `${url}/get` },
    mapping: {
      ...{ url: `${url}/member`, method: 'POST', enable_batching: false },
      data: { at: { '@path': '$.context.personas.external_audience_id' } },
    },
  });
  await api(server, 'POST', `${audience}/destination-connections`, {
    destination: { id, type: 'DESTINATION' },
    connectionSettings: { extras: '{"team":"blue"}' },
  });
  assert.deepEqual(JSON.parse(find('/create')[0]?.body ?? ''), {
    ...{ team: 'blue', audienceName: 'Big Spenders' },
  });
  const listed = await api(server, 'GET', `/destinations/${id}/audiences`);
  assert.equal(valueAt(listed, 'data.audiences.0.externalId'), 'ext-77');

  await track(server, '/v1/track', membership('a@b.c'));
  await eventually('the event is there', () => find('/member').length > 0, { within: 60_000 });
  assert.deepEqual(JSON.parse(find('/member')[0]?.body ?? ''), { at: 'ext-77', team: 'blue' });

  // Other settings: the vendor is asked what the audience is now.
  const path = `${audience}/destination-connections/${id}`;
  await api(server, 'PATCH', path, { connectionSettings: { extras: '{"team":"red"}' } });
  assert.deepEqual(JSON.parse(find('/get')[0]?.body ?? ''), { team: 'red', externalId: 'ext-77' });
  await track(server, '/v1/track', membership('b@b.c'));
  await eventually('with the new id', () => find('/member').length > 1, { within: 60_000 });
  assert.deepEqual(JSON.parse(find('/member')[1]?.body ?? ''), { at: 'ext-78', team: 'red' });
});

test('a vendor that signs in by itself makes the list, and its members are put on it', async (t) => {
  const { server, url, find } = await stand(t, marketo);
  const id = await addLibraryDestination(server, {
    ...{
      slug: 'actions-marketo-static-lists',
      action: 'addToList',
      settings: marketoSettings(url),
    },
    trigger: 'type = "track"',
    mapping: {
      ...{ lookup_field: 'email', data: { email: { '@path': '$.properties.email' } } },
      ...{ external_id: { '@path': '$.context.personas.external_audience_id' } },
      ...{ event_name: { '@path': '$.event' }, enable_batching: true, batch_size: 100 },
    },
  });
  await makeAudience(server);
  const run = async (...args: readonly string[]) => {
    const done = await startCommand(['destination', ...args], environmentOf(server)).done;
    assert.equal(done.code, 0, done.stderr);
    return JSON.parse(done.stdout);
  };
  const hooks = await run('hooks', 'actions-marketo-static-lists');
  assert.deepEqual(hooks.audience, { creates: true, fields: [] });
  const [connected] = await run('connect-audience', id, 'big_spenders');
  assert.partialDeepStrictEqual(connected, { key: 'big_spenders', externalId: '4711' });
  await track(server, '/v1/track', membership('a@b.c'));
  const leads = () => find('/leads.json');
  await eventually('the member is on the list', () => leads().length > 0, { within: 60_000 });
  assert.match(leads()[0]?.what ?? '', /listId=4711/);
  assert.match(leads()[0]?.body ?? '', /a@b\.c/);
  const [subscription] = list(
    valueAt(await api(server, 'GET', `/destinations/${id}/subscriptions`), 'data.subscriptions'),
  );
  const choices = await run('choices', id, String(valueAt(subscription, 'id')), 'no_such_field');
  assert.match(choices.error, /no_such_field/);
  assert.deepEqual(await run('connect-audience', id, 'big_spenders', '--remove'), []);
});

test('a hook runs at the vendor when its mapping is saved, and later deliveries know what came of it', async (t) => {
  const { server, url, find } = await stand(t, marketo);
  const mapping = {
    ...{ lookup_field: 'email', data: { email: { '@path': '$.properties.email' } } },
    ...{ event_name: { '@path': '$.event' }, enable_batching: true, batch_size: 100 },
  };
  const inputs = { list_name: 'Winers' };
  const id = await addLibraryDestination(server, {
    ...{ slug: 'actions-marketo-static-lists', action: 'addToList' },
    ...{ settings: marketoSettings(url), trigger: 'type = "track"' },
    mapping: { ...mapping, retlOnMappingSave: { inputs } },
  });
  const made = () => find('POST /rest/asset/v1/staticLists.json');
  assert.equal(made().length, 1);
  assert.match(made()[0]?.what ?? '', /name=Winers/);
  const path = `/destinations/${id}/subscriptions`;
  const [one] = list(valueAt(await api(server, 'GET', path), 'data.subscriptions'));
  const kept = { inputs, outputs: { id: '4711', name: 'Winers' } };
  assert.deepEqual(valueAt(one, 'settings.retlOnMappingSave'), kept);

  await track(server, '/v1/track', { userId: 'u', event: 'E', properties: { email: 'a@b.c' } });
  const leads = () => find('/leads.json');
  await eventually('the member is on the list', () => leads().length > 0, { within: 60_000 });
  assert.match(leads()[0]?.what ?? '', /listId=4711/);

  // The same inputs once more: nothing is made a second time. With others it is.
  const change = async (name: string) => {
    const settings = { ...mapping, retlOnMappingSave: { inputs: { list_name: name } } };
    await api(server, 'PATCH', `${path}/${valueAt(one, 'id')}`, { input: { settings } });
  };
  await change('Winers');
  assert.equal(made().length, 1);
  const [after] = list(valueAt(await api(server, 'GET', path), 'data.subscriptions'));
  assert.deepEqual(valueAt(after, 'settings.retlOnMappingSave'), kept);
  await change('Beerers');
  assert.equal(made().length, 2);
});

function list(value: unknown): unknown[] {
  assert(Array.isArray(value) && value.every(isJsonObject), 'a list of objects');
  return value;
}
