/** docs/guides/privacy.md: what a deletion reaches outside of the server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addWebhook, api, firstSource, valueAt } from '../rig/api.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { startReceiver } from '../rig/receiver.ts';
import { type Server, startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';

const within = { within: 180_000, every: 500 };

async function count(server: Server, where: string): Promise<number> {
  const sql = `select count(*) n from http_api.order_done where ${where}`;
  const { code, stdout } = await startCommand(['sql', '--json', sql], environmentOf(server)).done;
  // Nothing was loaded yet.
  return code === 0 ? JSON.parse(stdout).n : 0;
}

async function sync(server: Server, warehouse: string, body = {}): Promise<void> {
  const path = `/warehouses/${warehouse}/syncs`;
  const id = valueAt(await api(server, 'POST', path, body), 'data.sync.id');
  const ended = async () => {
    const status = valueAt(await api(server, 'GET', `${path}/${id}`), 'data.sync.status');
    return status === 'SUCCESS' || status === 'FAILURE' ? status : false;
  };
  assert.equal(await eventually('the sync has ended', ended, within), 'SUCCESS');
}

async function send(server: Server, userId: string, messageId: string): Promise<void> {
  const event = { type: 'track', event: 'Order Done', userId, messageId };
  assert.equal((await track(server, '/v1/track', event)).status, 200);
}

/** Each destination and warehouse of a regulation, by its name: its status, and why. */
async function statesOf(server: Server, id: string): Promise<Record<string, string[]>> {
  const answer = await api(server, 'GET', `/regulations/${id}`);
  const list = valueAt(answer, 'data.regulation.streamStatus.0.destinationStatus');
  assert(Array.isArray(list), JSON.stringify(answer));
  return Object.fromEntries(
    list.map((_, index) => {
      const of = (key: string) => String(valueAt(list, `${index}.${key}`));
      return [of('name'), [of('status'), of('errString')]];
    }),
  );
}

test('a deletion reaches functions, webhooks and the warehouse, through failures and a power cut, and nothing older comes back', async (t) => {
  const folder = await tempFolder('deletions');
  const receiver = await startReceiver();
  let server = await startServer({ folder: folder.path });
  t.after(async () => {
    await server.kill();
    await receiver.close();
    await folder.remove();
  });
  const sourceId = await firstSource(server);
  const code = `async function onTrack() {}
  async function onDelete(event, settings) {
    const answer = await fetch('${receiver.url}/function', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...event, by: 'function', key: settings.key }),
    });
    if (answer.status >= 500) throw new RetryError('the vendor is down: ' + answer.status);
  }`;
  const setting = { name: 'key', label: 'key', description: '', type: 'STRING', required: true };
  const made = await api(server, 'POST', '/functions', {
    ...{ displayName: 'Vendor', resourceType: 'DESTINATION', code },
    settings: [{ ...setting, sensitive: true }],
  });
  const functionId = String(valueAt(made, 'data.function.id'));
  await api(server, 'POST', `/functions/${functionId}/deploy`);
  await api(server, 'POST', '/destinations', {
    ...{ sourceId, name: 'own code', enabled: true, settings: { key: 'hush-hush' } },
    metadataId: String(valueAt(made, 'data.function.catalogId')),
  });
  await addWebhook(server, [`${receiver.url}/hook`]);
  const warehouses = await api(server, 'GET', '/warehouses?pagination[count]=10');
  const warehouse = String(valueAt(warehouses, 'data.warehouses.0.id'));
  const warehouseName = String(valueAt(warehouses, 'data.warehouses.0.metadata.name'));

  await send(server, 'gone', 'gone-1');
  await send(server, 'stays', 'stays-1');
  await eventually(
    'both are in the warehouse',
    async () => {
      await sync(server, warehouse);
      return (await count(server, 'true')) === 2;
    },
    within,
  );

  let isDown = true;
  receiver.answer = ({ event }) => (isDown && event['by'] === 'function' ? 503 : 200);
  const asked = await api(server, 'POST', '/regulations', {
    ...{ regulationType: 'DELETE_ONLY', subjectType: 'USER_ID', subjectIds: ['gone'] },
  });
  const id = String(valueAt(asked, 'data.regulateId'));
  const first = await statesOf(server, id);
  assert.equal(first['own code']?.[0], 'INITIALIZED');
  await eventually(
    'the function is tried in vain, and the reason shows',
    async () => (await statesOf(server, id))['own code']?.[1]?.includes('the vendor is down'),
    within,
  );
  await server.kill();
  isDown = false;
  server = await startServer({ folder: folder.path });
  const expected = ['own code', 'test webhook', warehouseName];
  await eventually(
    'all have forgotten the user',
    async () => {
      const states = await statesOf(server, id);
      return expected.every((name) => states[name]?.[0] === 'FINISHED');
    },
    within,
  );
  const deletes = receiver.taken
    .map(({ event }) => event)
    .filter((event) => event['type'] === 'delete');
  assert.ok(deletes.every(({ userId }) => userId === 'gone'));
  const byFunction = deletes.find((event) => event['by'] === 'function');
  assert.equal(byFunction?.['key'], 'hush-hush');
  assert.ok(deletes.some((event) => event['by'] === undefined));
  assert.equal(await count(server, "user_id = 'gone'"), 0);
  assert.equal(await count(server, "user_id = 'stays'"), 1);

  // A back-fill of everything: the log still holds the older event.
  const from = new Date(0).toISOString();
  await sync(server, warehouse, { from, to: new Date(Date.now() + 60_000).toISOString() });
  assert.equal(await count(server, "user_id = 'gone'"), 0);
  // What comes later is no business of this regulation.
  await send(server, 'gone', 'gone-2');
  await eventually(
    'the later event is loaded',
    async () => {
      await sync(server, warehouse);
      return (await count(server, "user_id = 'gone'")) === 1;
    },
    within,
  );
  await eventually(
    'it runs until the logs hold nothing older',
    async () => {
      const overall = await api(server, 'GET', `/regulations/${id}`);
      return valueAt(overall, 'data.regulation.overallStatus') === 'RUNNING';
    },
    within,
  );
});
