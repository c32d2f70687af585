import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HttpAnswer, HttpFailure } from '../../core/http.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import { recordKinds } from '../../core/records.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { freshStores } from '../../storage/testing/fresh-stores.ts';
import { controlRig, everyOption } from '../testing/control-rig.ts';
import { putCount } from '../testing/counted-rows.ts';
import { logRig } from '../testing/log-rig.ts';

const minute = 60_000;
const url = 'http://hooks.example/a/very/secret/path';

async function rig() {
  const clock = new ManualClock();
  const { logs, append } = await logRig(clock);
  const stores = freshStores();
  const work = await stores.openWork();
  const store = await stores.openControl();
  const told: Json[] = [];
  const answers: (HttpAnswer | HttpFailure)[] = [];
  const http = {
    request: async (request: { url: string; body?: string | Uint8Array }) => {
      assert.equal(request.url, url);
      told.push(JSON.parse(String(request.body)));
      return answers.shift() ?? { status: 200, headers: {}, body: '' };
    },
  };
  const options = { clock, logs, work, store, http };
  const control = await controlRig(options);
  const source = String(control.control.snapshot().sources[0]?.id);
  const made = await control.call('POST', '/destinations', {
    body: {
      ...{ sourceId: source, metadataId: everyOption.id, settings: { hooks: ['http://x/'] } },
      enabled: true,
    },
  });
  const destination = String(made.at('data.destination.id'));
  const create = async (body: object) => {
    const answer = await control.call('POST', '/alerts', { body: { name: 'A', ...body } });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return String(answer.at('data.alert.id'));
  };
  const pass = async (minutes: number) => {
    for (let n = 0; n < minutes; n += 1) await clock.advanceSettling(minute);
  };
  const types = () => told.map((notice) => (isJsonObject(notice) ? notice['type'] : ''));
  const close = async () => {
    await control.close();
    await work.close();
  };
  return {
    ...{ ...control, close, clock, append, work, options, source, destination, create, pass },
    ...{ told, types, answers },
  };
}

describe('alerts', () => {
  it('tell once that a volume is out of bounds, and once that it is back', async () => {
    const { source, clock, work, create, pass, told, types, call, close } = await rig();
    const id = await create({
      ...{ metric: 'VOLUME', sourceId: source, below: 1, windowMinutes: 2, webhookUrl: url },
    });
    await pass(4);
    assert.deepEqual(types(), ['alert.triggered']);
    assert.partialDeepStrictEqual(told[0], { value: 0, alert: { id, sourceId: source, below: 1 } });
    const alerting = await call('GET', `/alerts/${id}`);
    assert.equal(alerting.at('data.alert.status'), 'ALERTING');
    assert.equal(alerting.at('data.alert.value'), 0);
    for (let n = -1; n < 8; n += 1) {
      const time = Math.floor(clock.now() / minute) * minute + n * minute;
      await putCount(work.db, { source, time, name: 'E', count: 3 });
    }
    await pass(8);
    assert.deepEqual(types(), ['alert.triggered', 'alert.resolved']);
    assert.equal((await call('GET', `/alerts/${id}`)).at('data.alert.status'), 'OK');
    await close();
  });

  it('judge a success rate by attempts, and not by a few', async () => {
    const { source, destination, clock, work, create, pass, types, call, close } = await rig();
    const id = await create({
      ...{ metric: 'SUCCESS_RATE', destinationId: destination, below: 0.5, webhookUrl: url },
    });
    const time = () => Math.floor(clock.now() / minute) * minute;
    const owner = { source, destination, name: 'E' };
    await putCount(work.db, { ...owner, time: time(), outcome: 'retried', count: 19 });
    await pass(2);
    assert.equal((await call('GET', `/alerts/${id}`)).at('data.alert.value'), null);
    assert.deepEqual(types(), []);
    await putCount(work.db, { ...owner, time: time(), outcome: 'retried', count: 15 });
    await putCount(work.db, { ...owner, time: time(), outcome: 'delivered', count: 6, took: 1 });
    await pass(2);
    assert.deepEqual(types(), ['alert.triggered']);
    await close();
  });

  it('measure the lag from the oldest event not read, and from the oldest that waits', async () => {
    const { source, destination, clock, work, append, create, pass, types, call, close } =
      await rig();
    const id = await create({
      ...{ metric: 'LAG_SECONDS', destinationId: destination, above: 90, webhookUrl: url },
    });
    const lane = `${destination}/any`;
    await pass(1);
    assert.equal((await call('GET', `/alerts/${id}`)).at('data.alert.value'), null);
    await work.db
      .insertInto('cursor')
      .values({
        ...{ lane, partition: 0, position: 0, stamp_input: 0, stamp_item: 0 },
        ...{ open_ms: 0, updated_at: 0 },
      })
      .execute();
    await pass(1);
    assert.equal((await call('GET', `/alerts/${id}`)).at('data.alert.value'), 0);
    const body = Buffer.from('{}');
    const meta = JSON.stringify({ t: clock.now() });
    await append('events', { kind: recordKinds.event, source: 'other', meta: '{"t":0}', body });
    await append('events', { kind: recordKinds.event, source, meta, body });
    await pass(1);
    assert.equal((await call('GET', `/alerts/${id}`)).at('data.alert.value'), 60);
    assert.deepEqual(types(), []);
    await work.db
      .insertInto('parked')
      .values({
        ...{ lane, partition: 0, position: 0, keys: '[]', attempts: 1, next_attempt: 1 },
        ...{ first_attempt: clock.now() - 3 * minute, open_ms_before: 0, last_error: '' },
      })
      .execute();
    await pass(1);
    assert.equal((await call('GET', `/alerts/${id}`)).at('data.alert.value'), 240);
    assert.deepEqual(types(), ['alert.triggered']);
    await close();
  });

  it('tell again what the webhook did not take, oldest first, and show why it did not', async () => {
    const { source, create, pass, types, answers, told, call, close } = await rig();
    answers.push({ status: 503, headers: {}, body: '' }, { failure: 'network', message: 'reset' });
    const id = await create({
      ...{ metric: 'VOLUME', sourceId: source, below: 1, webhookUrl: url },
    });
    await pass(2);
    const waiting = await call('GET', `/alerts/${id}`);
    assert.equal(waiting.at('data.alert.lastError'), 'reset');
    assert.equal(waiting.at('data.alert.pendingNotices'), 1);
    await pass(2);
    assert.deepEqual(types(), ['alert.triggered', 'alert.triggered', 'alert.triggered']);
    assert.deepEqual(told[2], told[0]);
    const after = await call('GET', `/alerts/${id}`);
    assert.equal(after.at('data.alert.lastError'), null);
    assert.equal(after.at('data.alert.pendingNotices'), 0);
    await close();
  });

  it('are measured by one of two nodes, and told once', async () => {
    const { source, create, pass, types, options, close } = await rig();
    const second = await controlRig(options);
    await create({ metric: 'VOLUME', sourceId: source, below: 1, webhookUrl: url });
    await pass(3);
    assert.deepEqual(types(), ['alert.triggered']);
    await second.control.close();
    await close();
  });

  it('are not measured while they are off, and end with what they watch', async () => {
    const { source, create, pass, types, call, close } = await rig();
    const id = await create({
      ...{ metric: 'VOLUME', sourceId: source, below: 1, webhookUrl: url, enabled: false },
    });
    await pass(2);
    assert.deepEqual(types(), []);
    await call('DELETE', `/sources/${source}`);
    assert.equal((await call('GET', `/alerts/${id}`)).status, 404);
    await close();
  });

  it('keep their webhook masked, and keep it when the mask comes back', async () => {
    const { source, create, pass, types, call, store, close } = await rig();
    const id = await create({
      ...{ metric: 'VOLUME', sourceId: source, below: 1, webhookUrl: url },
    });
    const shown = String((await call('GET', `/alerts/${id}`)).at('data.alert.webhookUrl'));
    assert.match(shown, /^•+path$/);
    const stored = await store.db.selectFrom('alert').select('webhook_url').executeTakeFirst();
    assert(!stored?.webhook_url?.includes('secret'));
    const trail = JSON.stringify((await call('GET', '/audit-events')).body);
    assert(!trail.includes('secret'));
    await call('PATCH', `/alerts/${id}`, { body: { webhookUrl: shown, name: 'B' } });
    await pass(2);
    assert.deepEqual(types(), ['alert.triggered']);
    await close();
  });

  it('are refused with each field that does not fit', async () => {
    const { source, destination, call, close } = await rig();
    const cases = [
      [{ metric: 'VOLUME', below: 1 }, 'sourceId'],
      [{ metric: 'LAG_SECONDS', above: 1 }, 'destinationId'],
      [{ metric: 'VOLUME', sourceId: source }, 'below'],
      [{ metric: 'VOLUME', sourceId: source, below: 2, above: 1 }, 'below'],
      [
        { metric: 'VOLUME', sourceId: source, destinationId: destination, below: 2 },
        'destinationId',
      ],
      [{ metric: 'VOLUME', sourceId: source, below: 2, webhookUrl: 'ftp://x' }, 'webhookUrl'],
    ] as const;
    for (const [body, field] of cases) {
      const answer = await call('POST', '/alerts', { body: { name: 'A', ...body } });
      assert.equal(answer.status, 422);
      assert.equal(answer.at('errors.0.field'), field, JSON.stringify(body));
    }
    const unknown = { name: 'A', metric: 'VOLUME', sourceId: 'none', below: 1 };
    assert.equal((await call('POST', '/alerts', { body: unknown })).status, 404);
    await close();
  });
});
