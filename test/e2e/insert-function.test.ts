import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addWebhook, api, firstSource, valueAt } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import { startReceiver } from '../rig/receiver.ts';
import { track } from '../rig/track.ts';
import { startStand } from './stand.ts';

test('code that is deployed in front of a destination changes what it gets, and code that is only saved never runs', async (t) => {
  const { server, receiver } = await startStand(t);
  const far = await startReceiver();
  t.after(far.close);
  const destination = await addWebhook(server, [far.url]);
  const code = (mark: string): string =>
    `async function onTrack(event, settings) {
      const hash = crypto.createHmac('sha256', settings.key).update(event.userId).digest('hex');
      return { ...event, properties: { mark: '${mark}', hash } };
    }`;
  const made = await api(server, 'POST', '/functions', {
    resourceType: 'INSERT_DESTINATION',
    code: code('first'),
    displayName: 'Marks',
    settings: [
      {
        ...{ name: 'key', label: 'Key', description: '', type: 'STRING' },
        ...{ required: true, sensitive: true },
      },
    ],
  });
  const id = String(valueAt(made, 'data.function.id'));
  await api(server, 'POST', `/functions/${id}/deploy`);
  await api(server, 'POST', '/insert-function-instances', {
    ...{ functionId: id, integrationId: destination, name: 'In front', enabled: true },
    settings: { key: 'hush' },
  });
  const marks = () => far.taken.map(({ event }) => valueAt(event, 'properties.mark'));
  const send = async (name: string): Promise<unknown> => {
    const count = far.taken.length;
    const event = { type: 'track', event: name, userId: 'u' };
    assert.equal((await track(server, '/v1/track', event)).status, 200);
    await far.waitFor('the next event', (taken) => taken.length > count);
    return marks().at(-1);
  };
  await eventually('the function is in front', async () => (await send('E')) === 'first');
  assert.match(String(valueAt(far.taken.at(-1)?.event, 'properties.hash')), /^[0-9a-f]{64}$/);
  await api(server, 'PATCH', `/functions/${id}`, { code: code('second') });
  assert.equal(await send('saved'), 'first');
  await api(server, 'POST', `/functions/${id}/deploy`);
  await eventually('the new version runs', async () => (await send('E')) === 'second');
  const other = await receiver.waitFor('the other destination', (taken) => taken.length > 0);
  assert.equal(valueAt(other[0]?.event, 'properties.mark'), undefined);
});

test('a transformation function runs in front of a source and of a destination alike', async (t) => {
  const { server, receiver } = await startStand(t);
  const far = await startReceiver();
  t.after(far.close);
  const destination = await addWebhook(server, [far.url]);
  const made = await api(server, 'POST', '/functions', {
    resourceType: 'INSERT_TRANSFORMATION',
    displayName: 'Marks',
    code: `const onTrack = (event, { mark }) => ({
      ...event, properties: { ...event.properties, [mark]: true },
    });`,
    settings: [
      {
        ...{ name: 'mark', label: 'Mark', description: '', type: 'STRING' },
        ...{ required: true, sensitive: false },
      },
    ],
  });
  const functionId = String(valueAt(made, 'data.function.id'));
  await api(server, 'POST', `/functions/${functionId}/deploy`);
  const places = { source: await firstSource(server), destination };
  for (const [mark, integrationId] of Object.entries(places)) {
    const body = { functionId, integrationId, name: mark, settings: { mark } };
    await api(server, 'POST', '/insert-function-instances', body);
  }
  let sent = 0;
  await eventually(
    'both have run',
    async () => {
      await track(server, '/v1/track', { type: 'track', event: `E${sent++}`, userId: 'u' });
      const { properties } = far.taken.at(-1)?.event ?? {};
      return valueAt(properties, 'source') === true && valueAt(properties, 'destination') === true;
    },
    { within: 60_000, every: 200 },
  );
  const other = await receiver.waitFor('the other destination', (taken) => taken.length > 0);
  assert.equal(valueAt(other.at(-1)?.event, 'properties.destination'), undefined);
});
