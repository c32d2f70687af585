import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { roles } from '../../access/roles.ts';
import { type ControlRig, controlRig } from '../../testing/control-rig.ts';
import { type ConfigCall, configCalls, refused } from '../testing/config-calls.ts';

const base = '/workspaces/default/tracking-plans';
const traits = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: { traits: { type: 'object', properties: { email: { type: 'string' } } } },
};
const bought = {
  type: 'object',
  properties: {
    properties: { type: 'object', required: ['price'], properties: { price: { type: 'number' } } },
  },
};
const rules = {
  global: { type: 'object', properties: { context: { type: 'object' } } },
  events: [{ name: 'Bought', version: 1, description: 'A purchase', rules: bought }],
  identify: traits,
  group: {},
  identify_traits: [],
  group_traits: [],
};

describe('a tracking plan of the Config API', () => {
  let rig: ControlRig;
  let call: ConfigCall;
  before(async () => {
    rig = await controlRig();
    call = configCalls(rig);
  });
  after(() => rig.close());

  const make = async (tree: object = rules) => {
    const tracking_plan = { display_name: 'Shop', rules: tree };
    const made = await call('POST', base, { body: { tracking_plan } });
    assert.equal(made.status, 200, JSON.stringify(made.body));
    return made;
  };
  const publicPath = (name: unknown) => `/tracking-plans/tp_${String(name).split('rs_').at(-1)}`;
  const update = (name: unknown, tracking_plan: object, ...paths: string[]) =>
    call('PUT', `/${name}`, { body: { tracking_plan, update_mask: { paths } } });

  it('has its rules as a tree, which the Public API has typed', async () => {
    const made = await make();
    const name = String(made.at('name'));
    assert.match(name, /^workspaces\/default\/tracking-plans\/rs_\w{22}$/);
    assert.deepEqual(made.at('rules'), rules);
    assert.deepEqual((await call('GET', `/${name}`)).body, made.body);
    assert.equal((await rig.call('GET', publicPath(name))).at('data.trackingPlan.name'), 'Shop');
    const other = await rig.call('GET', `${publicPath(name)}/rules`);
    const typed = JSON.parse(JSON.stringify(other.body)).data.rules;
    assert.deepEqual(
      typed.map((rule: { type: string; key?: string }) => [rule.type, rule.key]),
      [
        ['COMMON', undefined],
        ['IDENTIFY', undefined],
        ['TRACK', 'Bought'],
      ],
    );
    assert.deepEqual(typed[2].jsonSchema, { ...bought, description: 'A purchase' });
  });

  it('shows what the Public API changed, made and deleted', async () => {
    const { at } = await make();
    const name = at('name');
    const rule = { type: 'TRACK', key: 'Sold', version: 2, jsonSchema: bought };
    await rig.call('PATCH', `${publicPath(name)}/rules`, { body: { rules: [rule] } });
    await rig.call('PATCH', publicPath(name), { body: { name: 'Renamed' } });
    const read = await call('GET', `/${name}`);
    assert.equal(read.at('display_name'), 'Renamed');
    assert.deepEqual(read.at('rules.events.1'), {
      name: 'Sold',
      version: 2,
      description: '',
      rules: bought,
    });
    await rig.call('DELETE', publicPath(name));
    refused(await call('GET', `/${name}`), 404, 5);
    const body = { name: 'Theirs', type: 'LIVE' };
    const theirs = (await rig.call('POST', '/tracking-plans', { body })).at('data.trackingPlan.id');
    assert.equal((await call('GET', `${base}/${theirs}`)).at('display_name'), 'Theirs');
    const list = JSON.parse(JSON.stringify((await call('GET', base)).body)).tracking_plans;
    const last = list.at(-1);
    assert.equal(last.display_name, 'Theirs');
    assert.deepEqual((await call('DELETE', `/${last.name}`)).body, {});
    assert.equal((await rig.call('GET', `/tracking-plans/${theirs}`)).status, 404);
  });

  it('is listed without its rules', async () => {
    await make();
    const { at } = await call('GET', base);
    assert.deepEqual(at('tracking_plans.0.rules'), {
      global: {},
      events: [],
      identify: {},
      group: {},
      identify_traits: [],
      group_traits: [],
    });
  });

  it('changes what the mask names, by PUT and by PATCH', async () => {
    const { at } = await make();
    const name = at('name');
    const next = { display_name: 'Next', rules: { events: [{ name: 'Only', rules: bought }] } };
    const renamed = await update(name, next, 'tracking_plan.display_name');
    assert.equal(renamed.at('display_name'), 'Next');
    assert.deepEqual(renamed.at('rules'), rules, 'not in the mask');
    const body = { tracking_plan: next, update_mask: { paths: ['tracking_plan.rules'] } };
    const changed = await call('PATCH', `/${name}`, { body });
    assert.equal(changed.at('rules.events.0.name'), 'Only');
    assert.equal(changed.at('rules.events.1'), undefined);
    assert.deepEqual(changed.at('rules.global'), {});
    const reset = await update(name, {}, 'rules', 'display_name');
    assert.deepEqual(reset.at('rules.events'), []);
    assert.equal(reset.at('display_name'), '');
  });

  it('keeps the rules of the Public API that its tree cannot show', async () => {
    const { at } = await make();
    const name = at('name');
    const kept = [
      { type: 'PAGE', version: 1, jsonSchema: { type: 'object' } },
      { type: 'IDENTIFY', version: 0, jsonSchema: { title: 'older' } },
      { type: 'GROUP', key: 'mine', version: 3, jsonSchema: traits },
    ];
    await rig.call('PATCH', `${publicPath(name)}/rules`, { body: { rules: kept } });
    const read = await call('GET', `/${name}`);
    assert.deepEqual(read.at('rules.identify'), traits);
    assert.deepEqual(read.at('rules.group'), traits);
    await update(name, { rules: { group: { title: 'changed' } } }, 'rules');
    const other = await rig.call('GET', `${publicPath(name)}/rules`);
    const typed = JSON.parse(JSON.stringify(other.body)).data.rules;
    assert.deepEqual(
      typed.map((rule: Record<string, unknown>) => [rule['type'], rule['key'], rule['version']]),
      [
        ['GROUP', 'mine', 3],
        ['PAGE', undefined, 1],
        ['IDENTIFY', undefined, 0],
      ],
    );
  });

  it('refuses what is no tree of rules, with the place', async () => {
    const { at } = await make();
    const set = (tree: unknown) => update(at('name'), { rules: tree }, 'rules');
    const event = { name: 'A', rules: bought };
    for (const [tree, place] of [
      [7, 'tracking_plan.rules'],
      [{ events: 7 }, 'tracking_plan.rules.events'],
      [{ events: [{}] }, 'tracking_plan.rules.events.0.name'],
      [{ events: [event, event] }, 'tracking_plan.rules.events.1'],
      [{ events: [{ ...event, version: 'x' }] }, 'tracking_plan.rules.events.0.version'],
      [{ events: [{ ...event, rules: { type: 'x' } }] }, 'tracking_plan.rules.events.0.rules.type'],
      [{ global: 'x' }, 'tracking_plan.rules.global'],
      [{ group: { required: 'x' } }, 'tracking_plan.rules.group.required'],
      [{ identify_traits: [{ name: 'x' }] }, 'tracking_plan.rules.identify_traits'],
    ] as const) {
      const answer = await set(tree);
      refused(answer, 400, 3);
      assert(String(answer.at('error')).startsWith(`"${place}"`), String(answer.at('error')));
    }
  });

  it('may have rules that are longer than other requests', async () => {
    const event = (index: number) => ({ name: `E${index}`, rules: { title: 'x'.repeat(2_000) } });
    const events = Array.from({ length: 1_000 }, (_, index) => event(index));
    const { at } = await make({ events });
    assert.equal(at('rules.events.999.name'), 'E999');
    const changed = await update(at('name'), { rules: { events } }, 'tracking_plan.rules');
    assert.equal(changed.status, 200);
    const source = { name: 'x'.repeat(1_100_000), catalog_name: 'catalog/sources/go' };
    refused(await call('POST', '/workspaces/default/sources', { body: { source } }), 400, 3);
  });

  it('is connected to sources by their names, as the Public API sees', async () => {
    const { at } = await make();
    const connections = `/${at('name')}/source-connections`;
    const tracking_plan_id = String(at('name')).split('/').at(-1);
    const source_name = 'workspaces/default/sources/http-api';
    const made = await call('POST', connections, { body: { source_name } });
    assert.deepEqual(made.body, { source_name, tracking_plan_id });
    const sources = await rig.call('GET', `${publicPath(at('name'))}/sources`);
    assert.equal(sources.at('data.sources.0.slug'), 'http-api');
    const id = sources.at('data.sources.0.id');
    assert.deepEqual((await call('GET', connections)).at('connections'), [made.body]);
    const second = String((await make()).at('name'));
    const taken = await call('POST', `/${second}/source-connections`, { body: { source_name } });
    refused(taken, 409, 6);
    await rig.call('DELETE', `${publicPath(at('name'))}/sources?sourceId=${id}`);
    assert.deepEqual((await call('GET', connections)).at('connections'), []);
    await rig.call('POST', `${publicPath(at('name'))}/sources`, { body: { sourceId: id } });
    assert.deepEqual((await call('DELETE', `${connections}/http-api`)).body, {});
    refused(await call('DELETE', `${connections}/http-api`), 404, 5);
    refused(await call('POST', connections, { body: { source_name: 'none' } }), 404, 5);
    refused(await call('POST', connections, { body: { source_name: 'a/b' } }), 400, 3);
  });

  it('is connected to several sources at once, or to none', async () => {
    const { at } = await make();
    for (const name of ['one', 'two']) {
      const source = { name, catalog_name: 'catalog/sources/go' };
      await call('POST', '/workspaces/default/sources', { body: { source } });
    }
    const batch = (...source_names: string[]) =>
      call('POST', `/${at('name')}/source-connections:batchCreateConnections`, {
        body: { source_names },
      });
    refused(await batch('one', 'none'), 404, 5);
    assert.deepEqual(
      (await call('GET', `/${at('name')}/source-connections`)).at('connections'),
      [],
    );
    const made = await batch('workspaces/default/sources/one', 'two');
    assert.equal(made.at('connections.1.source_name'), 'workspaces/default/sources/two');
  });

  it('is connected by whoever may change both the plan and the source', async () => {
    const { at } = await make();
    const { id } = roles.find(({ name }) => name === 'Tracking Plan Admin') ?? {};
    const resources = [{ id: rig.control.snapshot().workspace.id, type: 'WORKSPACE' }];
    const permissions = [{ roleId: id, resources }];
    const body = { name: 'plans only', permission: 'write', permissions };
    const token = String((await rig.call('POST', '/tokens', { body })).at('data.secret'));
    const connections = `/${at('name')}/source-connections`;
    const answer = await call('POST', connections, { token, body: { source_name: 'http-api' } });
    refused(answer, 403, 7);
    assert.equal((await update(at('name'), { display_name: 'X' }, 'display_name')).status, 200);
  });
});
