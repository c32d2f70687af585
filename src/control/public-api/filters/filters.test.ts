import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ControlRig, controlRig, everyOption } from '../../testing/control-rig.ts';
import { inBrowser } from '../../testing/in-browser.ts';

async function start(metadataId = everyOption.id) {
  const rig = await controlRig({ definitions: [everyOption, inBrowser] });
  const sourceId = rig.control.snapshot().sources[0]?.id;
  const body = { sourceId, metadataId, settings: { appId: '7' } };
  const destinationId = (await rig.call('POST', '/destinations', { body })).at(
    'data.destination.id',
  );
  const path = `/destination/${destinationId}/filters`;
  const create = (given: object) =>
    rig.call('POST', path, {
      body: {
        sourceId,
        if: 'all',
        actions: [{ type: 'DROP' }],
        title: 'T',
        enabled: true,
        ...given,
      },
    });
  return { rig, sourceId, destinationId, path, create };
}

const fieldsOf = (answer: Awaited<ReturnType<ControlRig['call']>>) => {
  const errors = answer.at('errors');
  return Array.isArray(errors) ? errors.map((error) => Object(error).field) : [];
};

describe('the filters of a destination', () => {
  it('reach the data plane while they are on, in the order in which they were made', async () => {
    const { rig, create, path } = await start();
    const inForce = () => rig.control.snapshot().connections[0]?.filters;
    assert.equal(inForce(), undefined);
    const first = await create({ if: "event = 'X'" });
    await create({ actions: [{ type: 'SAMPLE', percent: 0.5, path: 'userId' }], enabled: false });
    const fields = { properties: ['a'], '': ['b'] };
    const third = await create({ actions: [{ type: 'DROP_PROPERTIES', fields, percent: 1 }] });
    assert.deepEqual(inForce(), [
      { if: "event = 'X'", actions: [{ type: 'DROP' }] },
      { if: 'all', actions: [{ type: 'DROP_PROPERTIES', fields }] },
    ]);
    await rig.call('PATCH', `${path}/${first.at('data.filter.id')}`, { body: { enabled: false } });
    await rig.call('DELETE', `${path}/${third.at('data.filter.id')}`);
    assert.equal(inForce(), undefined);
    await rig.close();
  });

  it('are refused with the position where the FQL is wrong, and with each wrong action', async () => {
    const { rig, create } = await start();
    const wrong = await create({ if: "event = 'x" });
    assert.equal(wrong.status, 422);
    assert.equal(
      wrong.at('errors.0.message'),
      '"if" is not valid FQL, at character 9: the text in quotes does not end',
    );
    assert.deepEqual(fieldsOf(await create({ if: `'${'x'.repeat(5_200)}' = event` })), ['if']);
    assert.deepEqual(fieldsOf(await create({ actions: [] })), ['actions']);
    const actions = [
      { type: 'SAMPLE' },
      { type: 'SAMPLE', percent: 1.5, path: 'a = b' },
      { type: 'ALLOW_PROPERTIES' },
      { type: 'DROP_PROPERTIES', fields: { properties: 'a', traits: [1] } },
    ];
    assert.deepEqual(fieldsOf(await create({ actions })), [
      'actions.0.percent',
      'actions.1.percent',
      'actions.1.path',
      'actions.2.fields',
      'actions.3.fields.properties',
      'actions.3.fields.traits',
    ]);
    assert.deepEqual(fieldsOf(await create({ title: 'x'.repeat(65) })), ['title']);
    assert.deepEqual(fieldsOf(await create({ sourceId: 'other' })), ['sourceId']);
    await rig.close();
  });

  it('are ten at most', async () => {
    const { rig, create } = await start();
    for (let index = 0; index < 10; index += 1) assert.equal((await create({})).status, 200);
    assert.equal((await create({})).status, 422);
    await rig.close();
  });

  it('are changed in part, and the audit trail says whether they went on or off', async () => {
    const { rig, create, path } = await start();
    const made = await create({ description: 'why' });
    const one = `${path}/${made.at('data.filter.id')}`;
    const off = await rig.call('PATCH', one, { body: { enabled: false, description: null } });
    assert.equal(off.at('data.filter.enabled'), false);
    assert.equal(off.at('data.filter.description'), undefined);
    assert.equal(off.at('data.filter.title'), 'T');
    const wrong = await rig.call('PATCH', one, { body: { if: 'event in' } });
    assert.deepEqual(fieldsOf(wrong), ['if']);
    await rig.call('PATCH', one, { body: { enabled: true, title: 'U' } });
    await rig.call('PATCH', one, { body: { if: "type = 'track'" } });
    await rig.call('DELETE', one);
    const rows = await rig.store.db
      .selectFrom('audit_event')
      .selectAll()
      .orderBy('position')
      .execute();
    assert.deepEqual(
      rows.map(({ type }) => type).filter((type) => type.includes('Filter')),
      [
        'Destination Filter Created',
        'Destination Filter Disabled',
        'Destination Filter Enabled',
        'Destination Filter Modified',
        'Destination Filter Deleted',
      ],
    );
    assert.equal((await rig.call('GET', one)).status, 404);
    await rig.close();
  });

  it('of a destination in the browser are rules of analytics.js, and what it cannot do is refused', async () => {
    const { rig, create } = await start(inBrowser.id);
    const rules = () => rig.control.snapshot().deviceDestinations?.[0]?.routingRules;
    assert.equal(rules(), undefined);
    assert.equal((await create({ if: "event = 'X'" })).status, 200);
    assert.deepEqual(rules(), [
      {
        scope: 'destinations',
        target_type: 'workspace::project::destination::config',
        destinationName: 'In Browser',
        matchers: [{ type: 'fql', ir: '["=","event",{"value":"X"}]' }],
        transformers: [[{ type: 'drop' }]],
      },
    ]);
    const wrong = await create({ if: "uppercase(event) = 'X'" });
    assert.deepEqual([wrong.status, fieldsOf(wrong)], [422, ['if']]);
    const sampled = await create({ actions: [{ type: 'SAMPLE', percent: 1, path: 'userId' }] });
    assert.deepEqual(fieldsOf(sampled), ['actions.0.path']);
    await rig.close();
  });
});

describe('the preview of a filter', () => {
  it('shows what is left of a payload, or null', async () => {
    const { rig } = await start();
    const payload = { type: 'track', event: 'X', properties: { a: 1, b: 2 } };
    const preview = (filter: object) =>
      rig.call('POST', '/destination/filters/preview', { body: { filter, payload } });
    const fields = { properties: ['a'] };
    const allowed = await preview({ if: 'all', actions: [{ type: 'ALLOW_PROPERTIES', fields }] });
    assert.deepEqual(allowed.at('data'), {
      inputPayload: payload,
      result: { type: 'track', event: 'X', properties: { a: 1 } },
    });
    const dropped = await preview({ if: "event = 'X'", actions: [{ type: 'DROP' }] });
    assert.equal(dropped.at('data.result'), null);
    const other = await preview({ if: "event = 'Y'", actions: [{ type: 'DROP' }] });
    assert.deepEqual(other.at('data.result'), payload);
    const sampled = await preview({ if: 'all', actions: [{ type: 'SAMPLE', percent: 0 }] });
    assert.equal(sampled.at('data.result'), null);
    const wrong = await preview({ if: 'event = ', actions: [{ type: 'SAMPLE' }] });
    assert.deepEqual(fieldsOf(wrong), ['filter.if', 'filter.actions.0.percent']);
    await rig.close();
  });
});
