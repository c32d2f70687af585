import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sdk from '@segment/public-api-sdk-typescript';
import type { StateStore } from '../../../core/state.ts';
import type { WorkTables } from '../../../core/tables/work-tables.ts';
import { ManualClock } from '../../../core/testing/manual-clock.ts';
import { freshStores } from '../../../storage/testing/fresh-stores.ts';
import { everyOption } from '../../testing/control-rig.ts';
import { putCount, putUsers } from '../../testing/counted-rows.ts';
import { dataOf, refused, type SdkStand, sdkStand, walk } from '../../testing/sdk-stand.ts';

const now = Date.UTC(2026, 10, 26, 10);
const from = new Date(now - 3_600_000).toISOString();
const to = new Date(now).toISOString();
const times = ['MINUTE', from, to] as const;
const page = { count: 100 };

describe('what is counted, by the official TypeScript SDK', () => {
  let stand: SdkStand;
  let work: StateStore<WorkTables>;
  let source = '';
  let destination = '';
  before(async () => {
    work = await freshStores().openWork();
    stand = await sdkStand({ work, clock: new ManualClock(now) });
    const sources = stand.api(sdk.SourcesApi);
    const made = { slug: 'counted', enabled: true, metadataId: 'IqDTy1TpoU' };
    source = dataOf(await sources.createSource(made)).source.id;
    const destinations = stand.api(sdk.DestinationsApi);
    const body = { sourceId: source, metadataId: everyOption.id, settings: {} };
    destination = dataOf(await destinations.createDestination(body)).destination.id;
    const at = { source, time: now - 60_000 };
    for (let n = 0; n < 25; n++) await putCount(work.db, { ...at, name: `Event ${n}` });
    const code = 'event_not_string';
    await putCount(work.db, { ...at, outcome: 'discard', code, name: 'Event 1' });
    await putCount(work.db, { ...at, outcome: 'discard', code: 'bot_refused', count: 2 });
    const done = { ...at, destination, name: 'Event 1' };
    await putCount(work.db, { ...done, outcome: 'delivered', count: 3, retries: 1, took: 5 });
    await putCount(work.db, { ...done, outcome: 'failed', code: 'message_rejected', count: 4 });
    await putCount(work.db, {
      ...done,
      outcome: 'filtered',
      code: 'unsupported_event_type',
      count: 5,
    });
    await putUsers(work.db, source, now, {
      users: ['u'],
      anonymous: ['a', 'b'],
      identified: ['a'],
    });
  });
  after(async () => {
    await stand.close();
    await work.close();
  });

  it('volume is read whole and in pages of groups', async () => {
    const events = stand.api(sdk.EventsApi);
    const all = dataOf(await events.getEventsVolumeFromWorkspace(...times));
    assert.equal(all.result[0]?.total, 25);
    const names = await walk(async (pagination) => {
      const { result, pagination: place } = dataOf(
        await events.getEventsVolumeFromWorkspace(
          ...times,
          ['eventName'],
          [source],
          undefined,
          ['track'],
          undefined,
          pagination,
        ),
      );
      return { ids: result.map(({ eventName = '' }) => eventName), next: place?.next };
    }, 10);
    assert.equal(new Set(names).size, 25);
  });

  it('the overview is read part by part, in groups and filtered', async () => {
    const overview = stand.api(sdk.DeliveryOverviewApi);
    const ours = [source, from, to, 'minute', page] as const;
    const theirs = [source, destination, from, to, 'minute', page] as const;
    const reasons = ['discardReason', 'eventName'];
    const filter = { eventName: ['Event 1'] };
    const answers = [
      await overview.getIngressSuccessMetricsFromDeliveryOverview(...ours),
      await overview.getIngressSuccessMetricsFromDeliveryOverview(...ours, ['eventType'], filter),
      await overview.getIngressFailedMetricsFromDeliveryOverview(...ours, reasons, filter),
      await overview.getFilteredAtSourceMetricsFromDeliveryOverview(...ours, reasons),
      await overview.getFilteredAtDestinationMetricsFromDeliveryOverview(...theirs, reasons),
      await overview.getEgressFailedMetricsFromDeliveryOverview(...theirs, reasons, filter),
      await overview.getEgressSuccessMetricsFromDeliveryOverview(...theirs, ['eventName']),
    ].map(dataOf);
    assert.deepEqual(
      answers.map(({ total }) => total),
      [27, 1, 1, 2, 5, 4, 3],
    );
    assert.equal(answers[2]?.dataset[0]?.discardReason, 'event_not_string');
    assert.equal(answers[6]?.dataset[0]?.totalRetryCount, 1);
  });

  it('users and calls are read by day, those of each source too, and 26 days in pages', async () => {
    const users = stand.api(sdk.MonthlyTrackedUsersApi);
    const calls = stand.api(sdk.APICallsApi);
    const period = '2026-11-01';
    const { dailyWorkspaceMTUUsage } = dataOf(await users.getDailyWorkspaceMTUUsage(period, page));
    const { identified, anonymous, neverIdentified } = dailyWorkspaceMTUUsage[25] ?? {};
    assert.deepEqual([identified, anonymous, neverIdentified], ['1', '2', '1']);
    const days = await walk(async (pagination) => {
      const read = dataOf(await users.getDailyPerSourceMTUUsage(period, pagination));
      const ids = read.dailyPerSourceMTUUsage.map(({ timestamp }) => timestamp);
      return { ids, next: read.pagination.next };
    }, 10);
    assert.equal(new Set(days).size, 26);
    const all = dataOf(await calls.getDailyWorkspaceAPICallsUsage(period, page));
    assert.equal(all.dailyWorkspaceAPICallsUsage[25]?.apiCalls, '27');
    const each = dataOf(await calls.getDailyPerSourceAPICallsUsage(period, page));
    assert.equal(each.dailyPerSourceAPICallsUsage[25]?.sourceId, source);
  });

  it('the summary of a destination is read, and that of none is not there', async () => {
    const destinations = stand.api(sdk.DestinationsApi);
    const { deliveryMetricsSummary } = dataOf(
      await destinations.listDeliveryMetricsSummaryFromDestination(destination, source),
    );
    const { metrics } = deliveryMetricsSummary;
    assert.equal(metrics.find(({ metricName }) => metricName === 'successes')?.total, 3);
    const none = destinations.listDeliveryMetricsSummaryFromDestination('none', source);
    await refused(none, 404, 'not-found');
  });

  it('a range that is too long is refused', async () => {
    const events = stand.api(sdk.EventsApi);
    const early = new Date(now - 100 * 86_400_000).toISOString();
    const call = events.getEventsVolumeFromWorkspace('MINUTE', early, to);
    await refused(call, 422, 'input-validation');
  });
});
