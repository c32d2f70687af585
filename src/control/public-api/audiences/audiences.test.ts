import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { limits } from '../../../core/limits.ts';
import { type ControlRig, controlRig } from '../../testing/control-rig.ts';

describe('audiences', () => {
  let rig: ControlRig;
  let space: string;
  before(async () => {
    rig = await controlRig();
    space = `/spaces/${(await rig.call('GET', '/spaces')).at('data.spaces.0.id')}`;
  });
  after(() => rig.close());

  const definition = { query: "event('Order Completed').count() >= 1" };

  async function make(name: string, more: object = {}) {
    const body = { name, audienceType: 'USERS', definition, ...more };
    return rig.call('POST', `${space}/audiences`, { body });
  }

  it('are kept as they were made, and say that nobody computes them', async () => {
    const made = await make('Big Spenders!', { description: 'Those who buy', extra: 1 });
    assert.equal(made.status, 200);
    assert.equal(made.at('data.audience.key'), 'big_spenders');
    assert.equal(made.at('data.audience.status'), 'NOT_COMPUTED');
    assert.equal(made.at('data.audience.enabled'), true);
    assert.deepEqual(made.at('data.audience.definition'), definition);
    assert.deepEqual(made.at('data.audience.options'), { filterByExternalIds: [] });
    const path = `${space}/audiences/${made.at('data.audience.id')}`;
    const read = await rig.call('GET', path);
    assert.deepEqual(read.at('data.audience.computeCadence'), { type: 'REALTIME' });
    assert.equal(read.at('data.audience.schedules'), undefined);
    assert.equal(read.at('data.audience.size'), undefined);

    const change = { name: 'Spenders', enabled: false, definition: { query: 'other' } };
    const changed = await rig.call('PATCH', path, {
      body: { ...change, options: { backfillEventDataDays: 7, unknown: true } },
    });
    assert.equal(changed.at('data.audience.key'), 'big_spenders');
    assert.equal(changed.at('data.audience.name'), 'Spenders');
    assert.equal(changed.at('data.audience.description'), 'Those who buy');
    assert.equal(changed.at('data.audience.status'), 'DISABLED');
    assert.deepEqual(changed.at('data.audience.options'), {
      filterByExternalIds: [],
      backfillEventDataDays: 7,
    });
    assert.equal((await rig.call('DELETE', path)).status, 200);
    assert.equal((await rig.call('GET', path)).status, 404);
  });

  it('have a key of their own in the space; a linked one needs its entity', async () => {
    await make('Same key');
    const taken = await make('same KEY');
    assert.deepEqual([taken.status, taken.at('errors.0.field')], [409, 'name']);
    const linked = await make('Linked', { audienceType: 'LINKED' });
    assert.deepEqual(
      [linked.status, linked.at('errors.0.field')],
      [422, 'definition.targetEntity'],
    );
    const whole = { audienceType: 'LINKED', definition: { ...definition, targetEntity: 'house' } };
    const made = await make('Linked', whole);
    assert.equal(made.at('data.audience.definition.targetEntity'), 'house');
    const read = await rig.call('GET', `${space}/audiences/${made.at('data.audience.id')}`);
    assert.deepEqual(read.at('data.audience.computeCadence'), { type: 'BATCH' });
  });

  it('are found by a text in name, key or definition, in whatever case', async () => {
    await make('Füllhorn Kunden', { definition: { query: 'SELECT needle' } });
    await make('Others');
    const found = async (type: string, text: string) => {
      const query = `search[type]=${type}&search[query]=${encodeURIComponent(text)}`;
      const list = await rig.call('GET', `${space}/audiences?${query}`);
      return [list.at('data.pagination.totalEntries'), list.at('data.audiences.0.name')];
    };
    assert.deepEqual(await found('NAME', 'FÜLLHORN'), [1, 'Füllhorn Kunden']);
    assert.deepEqual(await found('KEY', 'llhorn_kunden'), [1, 'Füllhorn Kunden']);
    assert.deepEqual(await found('DEFINITION', 'Needle'), [1, 'Füllhorn Kunden']);
    assert.deepEqual(await found('NAME', '100%'), [0, undefined]);
    const first = await rig.call('GET', `${space}/audiences?search.type=NAME&search.query=o`);
    assert(Number(first.at('data.pagination.totalEntries')) >= 2);
  });

  it('have schedules, each of a strategy that is checked', async () => {
    const made = await make('Scheduled');
    const path = `${space}/audiences/${made.at('data.audience.id')}`;
    const periodic = { strategy: 'PERIODIC', config: { interval: '2h', extra: 1 } };
    const one = await rig.call('POST', `${path}/schedules`, { body: periodic });
    assert.deepEqual(one.at('data.audienceSchedule.config'), { interval: '2h' });
    const days = { days: [1, 5], hours: [0, 23], timezone: 'Europe/Berlin' };
    const body = { strategy: 'SPECIFIC_DAYS', config: days };
    const two = await rig.call('POST', `${path}/schedules`, { body });
    assert.deepEqual(two.at('data.audienceSchedule.config'), days);
    for (const [strategy, config, field] of [
      ['PERIODIC', { interval: '5m' }, 'config.interval'],
      ['PERIODIC', null, 'config.interval'],
      ['SPECIFIC_DAYS', { ...days, days: [7] }, 'config.days'],
      ['SPECIFIC_DAYS', { ...days, hours: [] }, 'config.hours'],
      ['SPECIFIC_DAYS', { ...days, hours: [1, 1] }, 'config.hours'],
      ['SPECIFIC_DAYS', { ...days, timezone: 'Nowhere' }, 'config.timezone'],
    ] as const) {
      const refused = await rig.call('POST', `${path}/schedules`, { body: { strategy, config } });
      assert.deepEqual([refused.status, refused.at('errors.0.field')], [422, field]);
    }
    const place = `${path}/schedules/${one.at('data.audienceSchedule.id')}`;
    await rig.call('PATCH', place, { body });
    assert.equal(
      (await rig.call('GET', place)).at('data.audienceSchedule.strategy'),
      'SPECIFIC_DAYS',
    );
    const whole = await rig.call('GET', `${path}?include=schedules`);
    assert.equal(whole.at('data.audience.schedules.1.strategy'), 'SPECIFIC_DAYS');
    assert.deepEqual(whole.at('data.audience.computeCadence'), { type: 'BATCH' });
    assert.equal((await rig.call('DELETE', place)).status, 200);
    assert.equal((await rig.call('GET', place)).status, 404);
    const list = await rig.call('GET', `${path}/schedules`);
    assert.equal(list.at('data.audienceSchedules.1'), undefined);
    for (let more = 1; more < limits.schedulesPerAudience; more += 1) {
      await rig.call('POST', `${path}/schedules`, { body });
    }
    assert.equal((await rig.call('POST', `${path}/schedules`, { body })).status, 409);
  });
});
