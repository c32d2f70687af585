import assert from 'node:assert/strict';
import { test } from 'node:test';
import sdk from '@segment/public-api-sdk-typescript';
import { validatingProxy } from '../../src/control/testing/validating-proxy.ts';
import { eventually } from '../rig/eventually.ts';
import { startReceiver } from '../rig/receiver.ts';
import { testToken } from '../rig/server.ts';
import { basic, track } from '../rig/track.ts';
import { startStand } from './stand.ts';

const event = { userId: 'u', event: 'E' };

test('the official TypeScript SDK makes a source and connects a webhook to it through the one port; events to its write key arrive', async (t) => {
  const { server } = await startStand(t);
  const receiver = await startReceiver();
  t.after(receiver.close);
  const proxy = await validatingProxy(`${server.url}/api`);
  t.after(proxy.close);
  const { sources, destinations, catalog } = clients(proxy.address);

  const kinds = (await catalog.getDestinationsCatalog({ count: 10 })).body.data
    ?.destinationsCatalog;
  const metadataId = kinds?.find(({ slug }) => slug === 'webhooks')?.id;
  const made = await sources.createSource({
    slug: 'shop',
    enabled: true,
    metadataId: 'IqDTy1TpoU',
  });
  const source = made.body.data?.source;
  assert(source !== undefined && metadataId !== undefined);
  const [writeKey = ''] = source.writeKeys;
  await destinations.createDestination({
    sourceId: source.id,
    metadataId,
    enabled: true,
    name: 'Webhook',
    settings: { hooks: [receiver.url] },
  });
  const isTaken = async () =>
    (await track(server, '/v1/track', event, { authorization: basic(writeKey) })).status === 200;
  await eventually('the new key is known', isTaken, { within: 1_000, every: 10 });
  const [delivery] = await receiver.waitFor('the event', (all) => all.length >= 1);
  assert.partialDeepStrictEqual(delivery?.event, { ...event, projectId: source.id });
  assert.deepEqual(proxy.problems, []);
});

function clients(address: string) {
  const sources = new sdk.SourcesApi(address);
  const destinations = new sdk.DestinationsApi(address);
  const catalog = new sdk.CatalogApi(address);
  for (const api of [sources, destinations, catalog]) api.accessToken = testToken;
  return { sources, destinations, catalog };
}
