import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { StateStore } from '../../core/state.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { freshStores } from '../../storage/testing/fresh-stores.ts';
import { type ControlRig, controlRig, everyOption } from '../testing/control-rig.ts';
import { putCount, putUsers } from '../testing/counted-rows.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** 10:00. */
const now = Date.UTC(2026, 10, 20, 10);

let rig: ControlRig;
let work: StateStore<WorkTables>;
let source = '';
let other = '';
let destination = '';

before(async () => {
  work = await freshStores().openWork();
  rig = await controlRig({ work, clock: new ManualClock(now) });
  const made = async (slug: string) => {
    const body = { slug, metadataId: 'IqDTy1TpoU', enabled: true };
    const catalog = await rig.call('GET', '/catalog/sources');
    const metadataId = catalog.at('data.sourcesCatalog.0.id');
    return String(
      (await rig.call('POST', '/sources', { body: { ...body, metadataId } })).at('data.source.id'),
    );
  };
  source = await made('first');
  other = await made('second');
  const body = { sourceId: source, metadataId: everyOption.id, settings: { hooks: ['http://x/'] } };
  destination = String(
    (await rig.call('POST', '/destinations', { body })).at('data.destination.id'),
  );
  const { db } = work;
  const at = now - 10 * minute;
  for (const partition of [0, 1]) {
    await putCount(db, { source, time: at, name: 'Bought', version: '1.0', count: 3, partition });
  }
  await putCount(db, { source, time: at + 2 * minute, name: 'Seen', count: 2 });
  await putCount(db, { source, time: at, type: 'identify' });
  await putCount(db, { source: other, time: at, name: 'Bought', count: 10 });
  await putCount(db, { source, time: now - 3 * day, name: 'Old', count: 7 });
  const discard = { source, time: at, outcome: 'discard', name: 'Bought' } as const;
  await putCount(db, { ...discard, code: 'event_not_string', count: 4 });
  await putCount(db, { ...discard, code: 'bot_refused', count: 5 });
  await putCount(db, { ...discard, code: 'duplicate', count: 6 });
  // The insert function of the source.
  await putCount(db, { ...discard, code: 'filtered_at_insert_function', count: 3 });
  const done = { source, destination, time: at, name: 'Bought' } as const;
  await putCount(db, { ...done, outcome: 'delivered', count: 1, took: 100 });
  await putCount(db, { ...done, outcome: 'delivered', count: 1, retries: 3, took: 300 });
  await putCount(db, { ...done, outcome: 'retried', count: 3 });
  await putCount(db, { ...done, outcome: 'failed', code: 'message_rejected', count: 2 });
  await putCount(db, {
    ...done,
    outcome: 'failed',
    code: 'retries_exhausted',
    count: 8,
    retries: 80,
  });
  await putCount(db, { ...done, outcome: 'filtered', code: 'unsupported_event_type', count: 9 });
  const [first, second] = [Date.UTC(2026, 10, 18), Date.UTC(2026, 10, 19)];
  await putUsers(db, source, first, { users: ['u1'], anonymous: ['a1', 'a2'], identified: ['a1'] });
  await putUsers(db, source, second, {
    users: ['u1', 'u2'],
    anonymous: ['a2'],
    identified: ['a2'],
  });
  await putUsers(db, source, second, { users: ['u3'], anonymous: ['a9'] }, 1);
  await putUsers(db, other, second, { users: ['u1', 'u9'] });
});
after(async () => {
  await rig.close();
  await work.close();
});

const recent = `granularity=MINUTE&startTime=${iso(now - hour)}&endTime=${iso(now)}`;

function iso(time: number): string {
  return new Date(time).toISOString();
}

async function volume(more = '', times = recent) {
  return rig.call('GET', `/events/volume?${times}&${more}`);
}

type Labelled = { [key: string]: unknown; total: number };

async function volumes(more: string): Promise<Labelled[]> {
  const { result } = JSON.parse(JSON.stringify((await volume(more)).at('data')));
  return result.map(({ series, ...rest }: Labelled & { series: unknown }) => rest);
}

test('the volume of a workspace is one series with a point for each span, zeros too', async () => {
  const answer = await volume();
  assert.equal(answer.at('data.path'), '/events/volume');
  assert.equal(answer.at('data.query.granularity'), 'MINUTE');
  assert.equal(answer.at('data.result.0.total'), 19);
  assert.equal(answer.at('data.result.1'), undefined);
  assert.equal(answer.at('data.result.0.series.59.time'), iso(now - minute));
  assert.equal(answer.at('data.result.0.series.50.count'), 17);
  assert.equal(answer.at('data.result.0.series.51.count'), 0);
  assert.equal(answer.at('data.result.0.series.52.count'), 2);
  assert.equal(answer.at('data.result.0.series.60'), undefined);
});

test('volume comes in groups by source, name and type, however lists are spelt', async () => {
  const spellings = ['groupBy=source,eventName', 'groupBy[0]=source&groupBy.1=eventName'];
  for (const spelling of spellings) {
    const found = await volumes(spelling);
    const first = { id: source, name: 'first', slug: 'first' };
    const second = { id: other, name: 'second', slug: 'second' };
    const expected = [
      { source: first, total: 1 },
      { source: first, eventName: 'Bought', total: 6 },
      { source: first, eventName: 'Seen', total: 2 },
      { source: second, eventName: 'Bought', total: 10 },
    ];
    assert.deepEqual(
      found.toSorted((a, b) => a.total - b.total),
      expected.toSorted((a, b) => a.total - b.total),
    );
  }
  assert.deepEqual(await volumes('groupBy=eventType'), [
    { eventType: 'identify', total: 1 },
    { eventType: 'track', total: 18 },
  ]);
});

test('volume can be cut down to sources, names, types and versions', async () => {
  const total = async (more: string) => (await volumes(more))[0]?.total;
  assert.equal(await total(`sourceId=${other}`), 10);
  assert.equal(await total('eventName=Seen'), 2);
  assert.equal(await total('eventType=identify'), 1);
  assert.equal(await total('appVersion=1.0'), 6);
  assert.equal(await total('sourceId=none'), 0);
});

test('a token with a role on one source sees the volume of that source alone', async () => {
  const roles = await rig.call('GET', '/tokens');
  assert.equal(roles.status, 200);
  const role = 'Source Read-only';
  const listed = await rig.call('GET', '/roles');
  const found = JSON.parse(JSON.stringify(listed.at('data.roles') ?? []));
  const roleId = found.find(({ name }: { name: string }) => name === role)?.id;
  assert.equal(typeof roleId, 'string');
  const permissions = [{ roleId, resources: [{ id: other, type: 'SOURCE' }] }];
  const body = { name: 'limited', permission: 'read', permissions };
  const token = String((await rig.call('POST', '/tokens', { body })).at('data.secret'));
  const answer = await rig.call('GET', `/events/volume?${recent}`, { token });
  assert.equal(answer.at('data.result.0.total'), 10);
  const calls = await rig.call('GET', '/usage/api-calls/sources/daily?period=2026-11-01', {
    token,
  });
  assert.equal(calls.at('data.dailyPerSourceAPICallsUsage.0.sourceId'), other);
  assert.equal(calls.at('data.pagination.totalEntries'), 20);
});

test('a range or a group that cannot be had is refused, and the field named', async () => {
  const refusedField = async (path: string) => {
    const answer = await rig.call('GET', path);
    assert.equal(answer.status, 422, JSON.stringify(answer.body));
    return answer.at('errors.0.field');
  };
  const at = (from: number, to: number, granularity = 'MINUTE') =>
    `granularity=${granularity}&startTime=${iso(from)}&endTime=${iso(to)}`;
  const overview = `/delivery-overview/successfully-received?sourceId=${source}`;
  assert.equal(await refusedField(`/events/volume?${at(now, now - hour)}`), 'endTime');
  assert.equal(await refusedField(`/events/volume?${at(now - 3 * day, now)}`), 'endTime');
  const old = at(now - 4 * day, now - 3 * day);
  assert.equal(await refusedField(`/events/volume?${old}`), 'startTime');
  assert.equal(await refusedField(`/events/volume?${recent}&groupBy=colour`), 'groupBy.0');
  assert.equal(await refusedField(`${overview}&${at(now - 5 * hour, now)}`), 'endTime');
  assert.equal(await refusedField(`${overview}&${at(now - 15 * day, now, 'HOUR')}`), 'endTime');
  assert.equal(await refusedField(`${overview}&${at(now - 32 * day, now, 'DAY')}`), 'endTime');
  assert.equal(await refusedField(`${overview}&${recent}&groupBy=discardReason`), 'groupBy.0');
  const egress = `/delivery-overview/failed-delivery?sourceId=${source}&destinationConfigId=${destination}`;
  const bySubscription = `${egress}&${recent}&filter[subscriptionId][0]=s`;
  assert.equal(await refusedField(bySubscription), 'filter.subscriptionId');
  assert.equal(await refusedField('/usage/mtu/daily?period=november'), 'period');
});

test('pages of groups follow each other, and end', async () => {
  const names: unknown[] = [];
  let cursor = '';
  do {
    const more = cursor === '' ? '' : `&pagination[cursor]=${cursor}`;
    const answer = await volume(`groupBy=eventName,source&pagination[count]=1${more}`);
    names.push(answer.at('data.result.0.eventName') ?? answer.at('data.result.0.total'));
    cursor = String(answer.at('data.pagination.next') ?? '');
  } while (cursor !== '');
  assert.deepEqual(names.map(String).sort(), ['1', 'Bought', 'Bought', 'Seen']);
});

const parts = [
  ['successfully-received', 17, 0],
  ['failed-on-ingest', 4, 0],
  ['filtered-at-source', 14, 0],
  ['filtered-at-destination', 9, 0],
  ['failed-delivery', 10, 80],
  ['successful-delivery', 2, 3],
] as const;

for (const [part, total, retries] of parts) {
  test(`the overview counts what is ${part}`, async () => {
    const owner = `sourceId=${source}&destinationConfigId=${destination}`;
    const answer = await rig.call('GET', `/delivery-overview/${part}?${owner}&${recent}`);
    assert.equal(answer.at('data.total'), total);
    assert.equal(answer.at('data.dataset.0.total'), total);
    assert.equal(answer.at('data.dataset.0.totalRetryCount') ?? 0, retries);
    assert.equal(answer.at('data.dataset.0.series.50.retryCount') ?? 0, retries);
    const named = `${owner}&${recent}&filter[eventName][0]=Seen`;
    const cut = await rig.call('GET', `/delivery-overview/${part}?${named}`);
    assert.equal(cut.at('data.total'), part === 'successfully-received' ? 2 : 0);
  });
}

test('the overview comes in groups, reasons for discards among them, and can be cut down to them', async () => {
  const path = `/delivery-overview/failed-delivery?sourceId=${source}&destinationConfigId=${destination}&${recent}`;
  const answer = await rig.call(
    'GET',
    `${path}&groupBy=discardReason,eventName,eventType,appVersion`,
  );
  assert.equal(answer.at('data.dataset.0.discardReason'), 'message_rejected');
  assert.equal(answer.at('data.dataset.0.eventName'), 'Bought');
  assert.equal(answer.at('data.dataset.0.eventType'), 'track');
  assert.equal(answer.at('data.dataset.0.appVersion'), undefined);
  assert.equal(answer.at('data.dataset.1.discardReason'), 'retries_exhausted');
  const cut = await rig.call('GET', `${path}&filter.discardReason.0=message_rejected`);
  assert.equal(cut.at('data.total'), 2);
  const none = await rig.call('GET', `${path}&filter.eventType.0=page&groupBy=eventName`);
  assert.deepEqual([none.at('data.total'), none.at('data.dataset')], [0, []]);
});

test('hours and days are counted as exactly', async () => {
  const times = (granularity: string, back: number) =>
    `granularity=${granularity}&startTime=${iso(now - back)}&endTime=${iso(now)}`;
  const hours = await volume(`sourceId=${source}`, times('HOUR', 4 * day));
  assert.equal(hours.at('data.result.0.total'), 16);
  const days = await volume(`sourceId=${source}`, times('DAY', 10 * day));
  assert.equal(days.at('data.result.0.total'), 16);
  assert.equal(days.at('data.result.0.series.7.count'), 7);
  assert.equal(days.at('data.result.0.series.10.count'), 9);
});

test('what is not there, or is another source’s, is not found', async () => {
  const path = '/delivery-overview/failed-delivery';
  const ask = async (sourceId: string, id: string) =>
    (await rig.call('GET', `${path}?sourceId=${sourceId}&destinationConfigId=${id}&${recent}`))
      .status;
  assert.deepEqual(
    [await ask(source, 'x'), await ask('x', destination), await ask(other, destination)],
    [404, 404, 404],
  );
  const received = `/delivery-overview/successfully-received?sourceId=x&${recent}`;
  assert.equal((await rig.call('GET', received)).status, 404);
  const summary = `/destinations/${destination}/delivery-metrics?sourceId=${other}`;
  assert.equal((await rig.call('GET', summary)).status, 404);
});

test('the summary of a destination has successes, losses, retries and times', async () => {
  const path = `/destinations/${destination}/delivery-metrics?sourceId=${source}`;
  for (const times of ['', '&granularity=HOUR', '&granularity=DAY', `&${recent}`]) {
    const answer = await rig.call('GET', `${path}${times}`);
    const metrics: { metricName: string; total: number; breakdown?: object[] }[] = JSON.parse(
      JSON.stringify(answer.at('data.deliveryMetricsSummary.metrics')),
    );
    const totals = Object.fromEntries(metrics.map(({ metricName, total }) => [metricName, total]));
    assert.deepEqual(totals, {
      successes: 2,
      expired: 8,
      discarded: 2,
      retried: 3,
      time_to_success: 200,
      time_to_first_attempt: 200,
    });
    assert.deepEqual(metrics[0]?.breakdown, [
      { metricName: 'successes_on_first_attempt', value: 1 },
      { metricName: 'successes_after_retry', value: 1 },
    ]);
  }
  const old = `&granularity=DAY&startTime=${iso(now - 20 * day)}`;
  assert.equal((await rig.call('GET', `${path}${old}`)).status, 422);
});

test('tracked users add up over the days of a month, and who is seen at two sources is one', async () => {
  const answer = await rig.call('GET', '/usage/mtu/daily?period=2026-11-01');
  const last = 'data.dailyWorkspaceMTUUsage.19';
  assert.equal(answer.at(`${last}.timestamp`), '2026-11-20T00:00:00.000Z');
  assert.equal(answer.at(`${last}.periodStart`), Date.UTC(2026, 10, 1) / 1_000);
  assert.equal(answer.at(`${last}.periodEnd`), Date.UTC(2026, 11, 1) / 1_000);
  const of = (path: string) =>
    ['identified', 'anonymous', 'anonymousIdentified', 'neverIdentified'].map((key) =>
      answer.at(`${path}.${key}`),
    );
  assert.deepEqual(of('data.dailyWorkspaceMTUUsage.16'), ['0', '0', '0', '0']);
  assert.deepEqual(of('data.dailyWorkspaceMTUUsage.17'), ['1', '2', '1', '1']);
  assert.deepEqual(of(last), ['4', '3', '2', '1']);
  assert.equal(answer.at('data.pagination.totalEntries'), 20);
  const before = await rig.call('GET', '/usage/mtu/daily?period=2026-10-01');
  assert.equal(before.at('data.pagination.totalEntries'), 31);
  const next = await rig.call('GET', '/usage/mtu/daily?period=2026-12-01');
  assert.deepEqual(next.at('data.dailyWorkspaceMTUUsage'), []);
});

test('tracked users of each source come by source and day, in pages', async () => {
  const path = '/usage/mtu/sources/daily?period=2026-11-01';
  const answer = await rig.call('GET', path);
  assert.equal(answer.at('data.pagination.totalEntries'), 40);
  const [first, second] = [source, other].sort();
  assert.equal(answer.at('data.dailyPerSourceMTUUsage.19.sourceId'), first);
  assert.equal(answer.at('data.dailyPerSourceMTUUsage.20.sourceId'), second);
  const at = first === source ? 19 : 39;
  assert.equal(answer.at(`data.dailyPerSourceMTUUsage.${at}.identified`), '3');
  const page = await rig.call('GET', `${path}&pagination[count]=25`);
  const next = await rig.call(
    'GET',
    `${path}&pagination[cursor]=${page.at('data.pagination.next')}`,
  );
  assert.equal(next.at('data.dailyPerSourceMTUUsage.0.timestamp'), '2026-11-06T00:00:00.000Z');
});

test('API calls are events received, added up over the days of a month', async () => {
  const answer = await rig.call('GET', '/usage/api-calls/daily?period=2026-11-01');
  assert.equal(answer.at('data.dailyWorkspaceAPICallsUsage.15.apiCalls'), '0');
  assert.equal(answer.at('data.dailyWorkspaceAPICallsUsage.16.apiCalls'), '7');
  assert.equal(answer.at('data.dailyWorkspaceAPICallsUsage.18.apiCalls'), '7');
  assert.equal(answer.at('data.dailyWorkspaceAPICallsUsage.19.apiCalls'), '34');
  const bySource = await rig.call('GET', '/usage/api-calls/sources/daily?period=2026-11-01');
  const at = [source, other].sort()[0] === source ? 19 : 39;
  assert.equal(bySource.at(`data.dailyPerSourceAPICallsUsage.${at}.sourceId`), source);
  assert.equal(bySource.at(`data.dailyPerSourceAPICallsUsage.${at}.apiCalls`), '24');
});

test('where no worker has run yet, everything is 0', async () => {
  const empty = await controlRig({ clock: new ManualClock(now) });
  const total = (await empty.call('GET', `/events/volume?${recent}`)).at('data.result.0.total');
  assert.equal(total, 0);
  const users = await empty.call('GET', '/usage/mtu/daily?period=2026-11-01');
  assert.equal(users.at('data.dailyWorkspaceMTUUsage.19.identified'), '0');
  await empty.close();
});
