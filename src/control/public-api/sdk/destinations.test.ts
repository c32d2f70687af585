import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sdk from '@segment/public-api-sdk-typescript';
import { everyOption } from '../../testing/control-rig.ts';
import { inBrowser } from '../../testing/in-browser.ts';
import { dataOf, refused, type SdkStand, sdkStand, walk } from '../../testing/sdk-stand.ts';

describe('destinations, by the official TypeScript SDK', () => {
  let stand: SdkStand;
  let sources: InstanceType<typeof sdk.SourcesApi>;
  let destinations: InstanceType<typeof sdk.DestinationsApi>;
  before(async () => {
    stand = await sdkStand({ definitions: [everyOption, inBrowser] });
    sources = stand.api(sdk.SourcesApi);
    destinations = stand.api(sdk.DestinationsApi);
  });
  after(() => stand.close());

  async function makeSource(slug: string): Promise<string> {
    const metadataId = 'IqDTy1TpoU';
    return dataOf(await sources.createSource({ slug, enabled: true, metadataId })).source.id;
  }

  it('are made, read, changed, listed and deleted; a secret shown masked may be written back', async () => {
    const sourceId = await makeSource('with-destination');
    const created = await destinations.createDestination({
      sourceId,
      metadataId: everyOption.id,
      name: 'Mine',
      settings: { hooks: ['https://example.com'], secret: 'a-long-secret-dada' },
    });
    assert.equal(created.response.statusCode, 200);
    const { destination } = dataOf(created);
    assert.deepEqual(destination.settings, {
      hooks: ['https://example.com'],
      secret: '••••••••••••dada',
      region: 'eu',
    });
    const changed = await destinations.updateDestination(destination.id, {
      settings: { secret: '••••••••••••dada', region: 'us' },
    });
    assert.equal(dataOf(changed).destination.settings['region'], 'us');
    assert.deepEqual(stand.rig.settings(destination.id), {
      hooks: ['https://example.com'],
      secret: 'a-long-secret-dada',
      region: 'us',
    });
    const read = await destinations.getDestination(destination.id);
    assert.equal(dataOf(read).destination.sourceId, sourceId);
    const connected = await sources.listConnectedDestinationsFromSource(sourceId, { count: 10 });
    assert.equal(dataOf(connected).destinations[0]?.id, destination.id);
    await destinations.deleteDestination(destination.id);
    assert.deepEqual(stand.rig.control.snapshot().connections, []);
    await refused(destinations.getDestination(destination.id), 404, 'not-found');
  });

  it('are listed in pages, also 25 of them', async () => {
    const sourceId = await makeSource('many');
    const made: string[] = [];
    for (let index = 0; index < 25; index += 1) {
      const input = { sourceId, metadataId: everyOption.id, name: `d${index}`, settings: {} };
      made.push(dataOf(await destinations.createDestination(input)).destination.id);
    }
    const listed = await walk(async (pagination) => {
      const data = dataOf(await destinations.listDestinations(pagination));
      return { ids: data.destinations.map(({ id }) => id), next: data.pagination.next };
    }, 7);
    assert.deepEqual(listed, made);
  });

  it('of actions have subscriptions, which are made, read, changed, listed and removed', async () => {
    const sourceId = await makeSource('subscribed');
    const metadataId = inBrowser.id;
    const input = { sourceId, metadataId, settings: { appId: '7' } };
    const { destination } = dataOf(await destinations.createDestination(input));
    const [action] = destination.metadata.actions;
    assert(action !== undefined);
    const made = await destinations.createDestinationSubscription(destination.id, {
      name: 'Orders',
      actionId: action.id,
      trigger: 'event = "Order Completed"',
      enabled: true,
      settings: { name: { '@path': '$.event' } },
    });
    const { destinationSubscription: subscription } = dataOf(made);
    assert.equal(subscription.actionSlug, action.slug);

    const inForce = () =>
      stand.rig.control
        .snapshot()
        .deviceDestinations?.find(({ id }) => id === destination.id)
        ?.subscriptions.map(({ name, enabled, subscribe }) => [name, enabled, subscribe]);
    const preset = ['All', true, 'type = "track"'];
    assert.deepEqual(inForce(), [preset, ['Orders', true, 'event = "Order Completed"']]);

    const path = `/destinations/${destination.id}/subscriptions/${subscription.id}`;
    const change = { input: { enabled: false } };
    const changed = await destinations.updateSubscriptionForDestination(
      destination.id,
      subscription.id,
      change,
    );
    assert.deepEqual(
      [dataOf(changed).subscription.enabled, dataOf(changed).subscription.name],
      [false, 'Orders'],
    );
    assert.deepEqual(inForce(), [preset, ['Orders', false, 'event = "Order Completed"']]);
    const read = await destinations.getSubscriptionFromDestination(destination.id, subscription.id);
    assert.deepEqual(dataOf(read).subscription.settings, { name: { '@path': '$.event' } });

    // This SDK does not know schedules yet.
    const schedule = (strategy: string, config: unknown) =>
      stand.rig.call('PATCH', path, {
        body: { input: { reverseETLSchedule: { strategy, config } } },
      });
    const periodic = await schedule('PERIODIC', { interval: '15m', unknown: 1 });
    assert.deepEqual(periodic.at('data.subscription.reverseETLSchedule'), {
      strategy: 'PERIODIC',
      config: { interval: '15m' },
    });
    const misfit = await schedule('CRON', { interval: '15m' });
    assert.equal(misfit.status, 422);
    assert.equal(misfit.at('errors.0.field'), 'input.reverseETLSchedule.config');
    await schedule('MANUAL', null);

    const listed = await destinations.listSubscriptionsFromDestination(destination.id, {
      count: 10,
    });
    assert.deepEqual(
      dataOf(listed).subscriptions.map(({ name }) => name),
      ['All', 'Orders'],
    );
    for (const { id } of dataOf(listed).subscriptions) {
      await destinations.removeSubscriptionFromDestination(destination.id, id);
    }
    assert.deepEqual(inForce(), []);
    const gone = destinations.getSubscriptionFromDestination(destination.id, subscription.id);
    await refused(gone, 404, 'not-found');
    const unknown = { name: 'x', actionId: 'none', trigger: 'type = "track"', enabled: true };
    const wrong = destinations.createDestinationSubscription(destination.id, unknown);
    await refused(wrong, 422, 'input-validation');
  });
});
