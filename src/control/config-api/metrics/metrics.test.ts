import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { StateStore } from '../../../core/state.ts';
import type { WorkTables } from '../../../core/tables/work-tables.ts';
import { ManualClock } from '../../../core/testing/manual-clock.ts';
import { freshStores } from '../../../storage/testing/fresh-stores.ts';
import { type ControlRig, controlRig, everyOption } from '../../testing/control-rig.ts';
import { putCount } from '../../testing/counted-rows.ts';
import { type ConfigCall, configCalls, refused } from '../testing/config-calls.ts';

const minute = 60_000;
const now = Date.UTC(2026, 10, 20, 10);

describe('the event delivery metrics of the Config API', () => {
  let rig: ControlRig;
  let work: StateStore<WorkTables>;
  let call: ConfigCall;
  const name = `workspaces/default/sources/shop/destinations/${everyOption.slug}`;
  const metrics = `/${name}/metrics`;
  before(async () => {
    work = await freshStores().openWork();
    rig = await controlRig({ work, clock: new ManualClock(now) });
    call = configCalls(rig);
    const body = { slug: 'shop', metadataId: 'IqDTy1TpoU' };
    const source = String((await rig.call('POST', '/sources', { body })).at('data.source.id'));
    const made = await rig.call('POST', '/destinations', {
      body: { sourceId: source, metadataId: everyOption.id },
    });
    const destination = String(made.at('data.destination.id'));
    const done = { source, destination, time: now - 10 * minute, name: 'Bought' } as const;
    const delivered = { ...done, outcome: 'delivered' } as const;
    await putCount(work.db, { ...delivered, count: 1, took: 100 });
    await putCount(work.db, {
      ...delivered,
      time: now - 5 * minute,
      count: 2,
      retries: 3,
      took: 300,
    });
    await putCount(work.db, { ...done, outcome: 'retried', count: 3 });
    await putCount(work.db, { ...done, outcome: 'failed', code: 'message_rejected', count: 4 });
  });
  after(async () => {
    await rig.close();
    await work.close();
  });

  it('are the counts that the Public API has, in sums', async () => {
    const answer = await call('GET', `${metrics}:getSummary`);
    assert.equal(answer.at('name'), name);
    assert.equal(answer.at('granularity'), 'MINUTE');
    assert.equal(answer.at('end_time'), new Date(now).toISOString());
    const list = JSON.parse(JSON.stringify(answer.at('metrics')));
    const id = String((await rig.call('GET', '/destinations')).at('data.destinations.0.id'));
    const sourceId = (await rig.call('GET', '/destinations')).at('data.destinations.0.sourceId');
    const other = await rig.call(
      'GET',
      `/destinations/${id}/delivery-metrics?sourceId=${sourceId}`,
    );
    const theirs = JSON.parse(JSON.stringify(other.at('data.deliveryMetricsSummary.metrics')));
    assert.deepEqual(
      list.map(({ name, total }: { name: string; total: number }) => [name, total]),
      theirs.map(({ metricName, total }: { metricName: string; total: number }) => [
        metricName,
        total,
      ]),
    );
    assert.deepEqual(list[0], {
      name: 'successes',
      total: 3,
      breakdown: [
        { name: 'successes_on_first_attempt', value: 1 },
        { name: 'successes_after_retry', value: 2 },
      ],
    });
  });

  it('are shown over time, of each span of what is asked for', async () => {
    const answer = await call('GET', `${metrics}/successes`);
    assert.equal(answer.at('name'), `${name}/metrics/successes`);
    assert.equal(answer.at('total'), 3);
    const series = JSON.parse(JSON.stringify(answer.at('series')));
    assert.equal(series.length, 60);
    const counted = series.filter(({ total }: { total: number }) => total > 0);
    assert.deepEqual(counted, [
      { time: new Date(now - 10 * minute).toISOString(), total: 1 },
      { time: new Date(now - 5 * minute).toISOString(), total: 2 },
    ]);
    const start = new Date(now - 6 * minute).toISOString();
    const cut = await call('GET', `${metrics}/successes?start_time=${start}&granularity=minute`);
    assert.equal(cut.at('total'), 2);
    assert.equal((await call('GET', `${metrics}/retried?granularity=HOUR`)).at('total'), 3);
    const all = await call('GET', metrics);
    assert.equal(all.at('metrics.5.name'), `${name}/metrics/time_to_first_attempt`);
    refused(await call('GET', `${metrics}/none`), 404, 5);
  });

  it('are got in a batch, named in the query or in the body of a GET', async () => {
    const names = [`${name}/metrics/discarded`, `${name}/metrics/successes`];
    const query = names.map((one) => `names=${encodeURIComponent(one)}`).join('&');
    for (const answer of [
      await call('GET', `${metrics}:batchGet?${query}`),
      await call('GET', `${metrics}:batchGet`, { body: { names } }),
      await call('GET', `${metrics}:batchGet?names=discarded,successes`),
    ]) {
      assert.deepEqual([answer.at('metrics.0.total'), answer.at('metrics.1.total')], [4, 3]);
    }
    refused(await call('GET', `${metrics}:batchGet`), 400, 3, /names/);
    refused(await call('GET', `${metrics}:batchGet?names=none`), 404, 5);
  });

  it('are got of several destinations at once', async () => {
    const path = '/workspaces/default/event-delivery-metrics:batchGetSummary';
    const names = [name, 'shop/every-option', 'sources/shop/destinations/every-option'];
    const answer = await call('GET', path, { body: { names } });
    const summaries = JSON.parse(JSON.stringify(answer.at('summaries')));
    assert.deepEqual(
      summaries.map((one: { name: string }) => one.name),
      [name, name, name],
    );
    assert.equal(answer.at('summaries.2.metrics.0.total'), 3);
    refused(await call('GET', `${path}?names=shop`), 400, 3, /names\.0/);
    refused(await call('GET', `${path}?names=other/webhooks`), 404, 5);
  });

  it('refuses a time that is none, or that is too long ago', async () => {
    for (const [query, field] of [
      ['start_time=yesterday', /start_time/],
      ['granularity=week', /granularity/],
      ['start_time=2020-01-01T00:00:00Z', /end_time|start_time/],
    ] as const) {
      refused(await call('GET', `${metrics}?${query}`), 400, 3, field);
    }
  });
});
