import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ControlRig, controlRig } from '../../testing/control-rig.ts';

const jsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: {
    context: {},
    traits: {},
    properties: { type: 'object', required: ['b'], properties: { b: { type: 'number' }, a: {} } },
  },
};

const rule = (key: string, more: object = {}) => ({
  ...{ type: 'TRACK', key, version: 1, jsonSchema },
  ...more,
});

async function start() {
  const rig = await controlRig();
  const body = { name: 'My Plan', type: 'LIVE' };
  const id = (await rig.call('POST', '/tracking-plans', { body })).at('data.trackingPlan.id');
  const path = `/tracking-plans/${id}`;
  const put = (rules: object[]) => rig.call('PUT', `${path}/rules`, { body: { rules } });
  return { rig, id, path, put };
}

async function rules(rig: ControlRig, path: string): Promise<string[]> {
  const listed = (await rig.call('GET', `${path}/rules`)).at('data.rules');
  return Array.isArray(listed)
    ? listed.map((one) => `${Object(one).type} ${Object(one).key} ${Object(one).version}`)
    : [];
}

const fieldsOf = (answer: Awaited<ReturnType<ControlRig['call']>>) => {
  const errors = answer.at('errors');
  return Array.isArray(errors) ? errors.map((error) => Object(error).field) : [];
};

describe('a tracking plan', () => {
  it('has an id with a prefix, a slug of its name, and the type LIVE unless it is given another', async () => {
    const { rig, id } = await start();
    assert.match(String(id), /^tp_\w{22}$/);
    const made = await rig.call('POST', '/tracking-plans', { body: { name: 'Ü & Más!' } });
    assert.equal(made.status, 200);
    assert.equal(made.at('data.trackingPlan.slug'), 'm-s');
    assert.equal(made.at('data.trackingPlan.type'), 'LIVE');
    const library = { name: 'L', type: 'RULE_LIBRARY' };
    await rig.call('POST', '/tracking-plans', { body: library });
    const listed = await rig.call('GET', '/tracking-plans?type=RULE_LIBRARY');
    assert.equal(listed.at('data.pagination.totalEntries'), 1);
    assert.equal(listed.at('data.trackingPlans.0.name'), 'L');
    assert.deepEqual(fieldsOf(await rig.call('GET', '/tracking-plans?type=NONE')), ['type']);
    await rig.close();
  });

  it('refuses a pattern that is none of RE2, which would be of no account', async () => {
    const { rig, put } = await start();
    const lookahead = { properties: { properties: { properties: { a: { pattern: '^(?!x)' } } } } };
    const answer = await put([rule('A', { jsonSchema: lookahead })]);
    const at = 'rules.0.jsonSchema.properties.properties.properties.a.pattern';
    assert.deepEqual(fieldsOf(answer), [at]);
    const named = await put([rule('A', { jsonSchema: { patternProperties: { '(': {} } } })]);
    assert.deepEqual(fieldsOf(named), ['rules.0.jsonSchema.patternProperties.(']);
    await rig.close();
  });

  it('is changed in part, and answers with the plan only in the style of the seed', async () => {
    const { rig, path } = await start();
    const body = { name: 'Other', description: 'why' };
    const changed = await rig.call('PATCH', path, { body });
    assert.deepEqual(changed.at('data'), { status: 'SUCCESS' });
    const token = { name: 's', permission: 'write', answers: 'seed' };
    const secret = String((await rig.call('POST', '/tokens', { body: token })).at('data.secret'));
    const options = { body: { name: 'Third' }, token: secret, seed: true as const };
    const seeded = await rig.call('PATCH', path, options);
    assert.equal(seeded.at('data.status'), 'SUCCESS');
    assert.equal(seeded.at('data.trackingPlan.name'), 'Third');
    assert.equal(seeded.at('data.trackingPlan.description'), 'why');
    await rig.close();
  });

  it('may be made with its rules at once, and then all or nothing is made', async () => {
    const { rig } = await start();
    const body = { name: 'With rules', rules: [rule('A'), rule('B')] };
    const made = await rig.call('POST', '/tracking-plans', { body });
    const path = `/tracking-plans/${made.at('data.trackingPlan.id')}`;
    assert.deepEqual(await rules(rig, path), ['TRACK A 1', 'TRACK B 1']);
    const wrong = { name: 'Wrong', rules: [rule('A'), rule('A')] };
    assert.equal((await rig.call('POST', '/tracking-plans', { body: wrong })).status, 422);
    assert.equal((await rig.call('GET', '/tracking-plans')).at('data.pagination.totalEntries'), 2);
    await rig.close();
  });

  it('is one per source, needs both resources, and the source says which it is', async () => {
    const { rig, id, path } = await start();
    const source = rig.control.snapshot().sources[0]?.id;
    const connect = (plan: string, sourceId: unknown) =>
      rig.call('POST', `${plan}/sources`, { body: { sourceId } });
    assert.equal((await connect(path, 'none')).status, 404);
    assert.equal((await connect(path, source)).status, 200);
    assert.equal((await connect(path, source)).status, 200);
    assert.equal((await rig.call('GET', `/sources/${source}`)).at('data.trackingPlanId'), id);
    const other = (await rig.call('POST', '/tracking-plans', { body: { name: 'O' } })).at(
      'data.trackingPlan.id',
    );
    const taken = await connect(`/tracking-plans/${other}`, source);
    assert.deepEqual([taken.status, taken.at('errors.0.field')], [409, 'sourceId']);
    const listed = await rig.call('GET', `${path}/sources`);
    assert.equal(listed.at('data.sources.0.id'), source);
    const gone = await rig.call('DELETE', `${path}/sources?sourceId=${source}`);
    assert.deepEqual(gone.at('data'), { status: 'SUCCESS' });
    const again = await rig.call('DELETE', `${path}/sources?sourceId=${source}`);
    assert.equal(again.status, 404);
    assert.equal((await rig.call('GET', `/sources/${source}`)).at('data.trackingPlanId'), null);
    await connect(path, source);
    await rig.call('DELETE', path);
    assert.equal((await rig.call('GET', `/sources/${source}`)).at('data.trackingPlanId'), null);
    const limited = await roleToken(rig, 'Tracking Plan Admin');
    const options = { body: { sourceId: source }, token: limited };
    const refused = await rig.call('POST', `/tracking-plans/${other}/sources`, options);
    assert.equal(refused.status, 403);
    assert.equal((await rig.call('GET', '/tracking-plans', { token: limited })).status, 200);
    await rig.close();
  });
});

/** A token with one role on the workspace. */
async function roleToken(rig: ControlRig, name: string): Promise<string> {
  const roles = (await rig.call('GET', '/roles')).at('data.roles');
  const role = Array.isArray(roles) && roles.find((one) => Object(one).name === name);
  const id = rig.control.snapshot().workspace.id;
  const permissions = [{ roleId: Object(role).id, resources: [{ id, type: 'WORKSPACE' }] }];
  const body = { name, permission: 'write', permissions };
  return String((await rig.call('POST', '/tokens', { body })).at('data.secret'));
}

describe('the rules of a tracking plan', () => {
  it('are replaced as a whole, in their order, and a schema comes back as it was', async () => {
    const { rig, path, put } = await start();
    assert.deepEqual((await put([rule('B'), rule('A')])).at('data'), { status: 'SUCCESS' });
    const before = (await rig.call('GET', `${path}/rules`)).at('data.rules.1.createdAt');
    await put([rule('C'), rule('A'), { type: 'IDENTIFY', version: 1, jsonSchema: {} }]);
    assert.deepEqual(await rules(rig, path), ['TRACK C 1', 'TRACK A 1', 'IDENTIFY undefined 1']);
    const listed = await rig.call('GET', `${path}/rules`);
    assert.equal(JSON.stringify(listed.at('data.rules.1.jsonSchema')), JSON.stringify(jsonSchema));
    assert.equal(listed.at('data.rules.1.createdAt'), before);
    await put([]);
    assert.deepEqual(await rules(rig, path), []);
    await rig.close();
  });

  it('are changed and added, and may get another key that no other rule has', async () => {
    const { rig, path, put } = await start();
    await put([rule('A'), rule('B'), rule('A', { version: 2 })]);
    const patch = (list: object[]) => rig.call('PATCH', `${path}/rules`, { body: { rules: list } });
    await patch([rule('B', { newKey: 'B2' }), rule('C'), rule('A', { jsonSchema: {} })]);
    assert.deepEqual(await rules(rig, path), ['TRACK A 1', 'TRACK B2 1', 'TRACK A 2', 'TRACK C 1']);
    const listed = await rig.call('GET', `${path}/rules`);
    assert.deepEqual(listed.at('data.rules.0.jsonSchema'), {});
    const taken = await patch([rule('C', { newKey: 'A' })]);
    assert.deepEqual([taken.status, fieldsOf(taken)], [422, ['rules.0.newKey']]);
    await rig.close();
  });

  it('are removed by the query in every spelling, and by a body', async () => {
    const { rig, path, put } = await start();
    const all = [rule('A b.c'), rule('B'), rule('C'), { type: 'COMMON', version: 1, jsonSchema }];
    await put(all);
    const remove = (query: string, body?: object) =>
      rig.call('DELETE', `${path}/rules${query}`, { ...(body && { body }) });
    const typescript =
      '?rules%5B0%5D%5Btype%5D=TRACK&rules%5B0%5D%5Bkey%5D=A%20b.c&rules%5B0%5D%5Bversion%5D=1';
    assert.equal((await remove(typescript)).status, 200);
    assert.equal((await remove('?rules.0.type=COMMON&rules.0.version=1')).status, 200);
    assert.equal(
      (await remove('', { rules: [{ type: 'TRACK', key: 'C', version: 1 }] })).status,
      200,
    );
    assert.deepEqual(await rules(rig, path), ['TRACK B 1']);
    assert.deepEqual(fieldsOf(await remove('')), ['rules']);
    assert.deepEqual(fieldsOf(await remove('?rules[0][type]=NONE&rules[0][version]=1')), [
      'rules.0.type',
    ]);
    await rig.close();
  });

  it('are refused with the place of what is wrong', async () => {
    const { rig, put } = await start();
    const wrong = await put([
      rule('A', { jsonSchema: 7 }),
      rule(''),
      rule('C', {
        jsonSchema: { properties: { properties: { properties: { x: { type: 'text' } } } } },
      }),
      rule('D', { jsonSchema: { allOf: {}, required: ['a', 1] } }),
      rule('D'),
    ]);
    assert.equal(wrong.status, 422);
    assert.deepEqual(fieldsOf(wrong), [
      'rules.0.jsonSchema',
      'rules.1.key',
      'rules.2.jsonSchema.properties.properties.properties.x.type',
      'rules.3.jsonSchema.required',
      'rules.4',
    ]);
    assert.equal(wrong.at('errors.0.message'), '"rules.0.jsonSchema" must be of type object');
    await rig.close();
  });

  it('are in the audit trail as far as a change touched them', async () => {
    const { rig, path, put } = await start();
    await put([rule('A'), rule('B')]);
    await put([rule('A'), rule('C')]);
    const row = await rig.store.db
      .selectFrom('audit_event')
      .selectAll()
      .where('operation', '=', 'replaceRulesInTrackingPlan')
      .orderBy('position', 'desc')
      .executeTakeFirstOrThrow();
    const keys = (text: string | null) =>
      JSON.parse(text ?? '{}')
        .rules.map(Object.values)
        .map(String);
    assert.equal(keys(row.before).length, 1);
    assert.match(keys(row.before)[0], /^TRACK,B/);
    assert.match(keys(row.after)[0], /^TRACK,C/);
    assert(path.length > 0);
    await rig.close();
  });

  it('may be many and long: more than other requests may hold', async () => {
    const { rig, path, put } = await start();
    const description = 'x'.repeat(3_000);
    const long = Array.from({ length: 1_000 }, (_, n) =>
      rule(`e${n}`, { jsonSchema: { description } }),
    );
    assert.equal((await put(long)).status, 200);
    const more = { description: 'x'.repeat(2_000_000) };
    assert.equal((await rig.call('PATCH', path, { body: more })).status, 413);
    await rig.close();
  });

  it('are two thousand at most', async () => {
    const { rig, path, put } = await start();
    const many = Array.from({ length: 2_001 }, (_, n) => rule(`e${n}`, { jsonSchema: {} }));
    assert.deepEqual(fieldsOf(await put(many)), ['rules']);
    assert.equal((await put(many.slice(1))).status, 200);
    const one = { rules: [rule('one more', { jsonSchema: {} })] };
    assert.equal((await rig.call('PATCH', `${path}/rules`, { body: one })).status, 422);
    await rig.close();
  });
});
