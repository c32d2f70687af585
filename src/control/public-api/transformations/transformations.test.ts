import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ControlRig, controlRig, everyOption } from '../../testing/control-rig.ts';

async function start() {
  const rig = await controlRig();
  const sourceId = rig.control.snapshot().sources[0]?.id;
  const create = (given: object, options: { token?: string; seed?: true } = {}) =>
    rig.call('POST', '/transformations', {
      body: { name: 'T', sourceId, enabled: true, if: "event = 'X'", ...given },
      ...options,
    });
  return { rig, sourceId, create };
}

const fieldsOf = (answer: Awaited<ReturnType<ControlRig['call']>>) => {
  const errors = answer.at('errors');
  return Array.isArray(errors) ? errors.map((error) => Object(error).field) : [];
};

describe('a transformation', () => {
  it('keeps all that it is to do', async () => {
    const { rig, sourceId, create } = await start();
    const work = {
      newEventName: 'Y',
      propertyRenames: [{ oldName: 'a', newName: 'b' }],
      propertyValueTransformations: [{ propertyPaths: ['properties.c'], propertyValue: 'v' }],
      allowProperties: ['b', 'c'],
      drop: false,
    };
    const made = await create({ destinationMetadataId: everyOption.slug, ...work });
    assert.equal(made.status, 200);
    const { id, ...rest } = Object(made.at('data.transformation'));
    assert.deepEqual(rest, {
      ...{ name: 'T', sourceId, destinationMetadataId: everyOption.id, enabled: true },
      if: "event = 'X'",
      ...work,
    });
    const path = `/transformations/${id}`;
    const changed = await rig.call('PATCH', path, {
      body: { enabled: false, propertyRenames: [], destinationMetadataId: '' },
    });
    const { destinationMetadataId: _none, ...left } = rest;
    assert.deepEqual(changed.at('data.transformation'), {
      ...{ id, ...left, enabled: false },
      propertyRenames: [],
    });
    assert.deepEqual((await rig.call('GET', path)).body, changed.body);
    await rig.close();
  });

  it('is one for the same events of a source and kind of destination, however they are worded', async () => {
    const { rig, create } = await start();
    const first = await create({});
    for (const same of [
      'event="X"',
      "'X' = event",
      "type = 'track' and event = 'X'",
      "event = 'X' and type = 'track'",
    ]) {
      const second = await create({ if: same });
      assert.deepEqual([second.status, fieldsOf(second)], [422, ['if']], same);
    }
    for (const other of [
      { if: "event = 'Z'" },
      { if: "type = 'identify'" },
      { if: "event = 'X' and properties.a = 1" },
      { destinationMetadataId: everyOption.id },
    ]) {
      assert.equal((await create(other)).status, 200, JSON.stringify(other));
    }
    assert.equal((await create({ if: "event='X' and properties.a=1" })).status, 422);
    const path = `/transformations/${first.at('data.transformation.id')}`;
    assert.equal((await rig.call('PATCH', path, { body: { name: 'N' } })).status, 200);
    const taken = await rig.call('PATCH', path, { body: { if: "event = 'Z'" } });
    assert.equal(taken.status, 422);
    await rig.close();
  });

  it('is refused with each field that is wrong', async () => {
    const { rig, create } = await start();
    const values = (paths: string[]) => ({ propertyPaths: paths, propertyValue: 'v' });
    for (const [given, fields] of [
      [{ if: 'event = ' }, ['if']],
      [{ if: "type = 'page'", newEventName: 'Y' }, ['newEventName']],
      [
        {
          propertyRenames: [
            { oldName: 'a', newName: 'b' },
            { oldName: 'a', newName: 'b' },
            { oldName: 'c', newName: 'c' },
          ],
        },
        ['propertyRenames.1.oldName', 'propertyRenames.1.newName', 'propertyRenames.2.newName'],
      ],
      [
        {
          propertyRenames: [{ oldName: 'a', newName: 'b' }],
          propertyValueTransformations: [values(['a', 'x']), values(['x']), values([])],
        },
        [
          'propertyValueTransformations.0.propertyPaths.0',
          'propertyValueTransformations.1.propertyPaths.0',
          'propertyValueTransformations.2.propertyPaths',
        ],
      ],
      [
        { propertyValueTransformations: Array.from({ length: 11 }, (_, n) => values([`p${n}`])) },
        ['propertyValueTransformations'],
      ],
      [
        { propertyValueTransformations: [values(Array.from({ length: 11 }, (_, n) => `p${n}`))] },
        ['propertyValueTransformations.0.propertyPaths'],
      ],
      [
        {
          propertyRenames: [{ oldName: 'a', newName: 'b' }],
          fqlDefinedProperties: [{ fql: 'lowercase(', propertyName: 'x' }],
        },
        ['fqlDefinedProperties', 'fqlDefinedProperties.0.fql'],
      ],
      [{ allowProperties: ['a', 'a'] }, ['allowProperties.1']],
      [
        { hashPropertiesConfiguration: { algorithm: 'rot13', paths: [] } },
        ['hashPropertiesConfiguration.algorithm', 'hashPropertiesConfiguration.paths'],
      ],
      [{ destinationMetadataId: 'none' }, ['destinationMetadataId']],
    ] as const) {
      const answer = await create(given);
      assert.equal(answer.status, 422, JSON.stringify(given));
      assert.deepEqual(fieldsOf(answer), fields);
    }
    assert.equal((await create({ sourceId: 'none' })).status, 404);
    await rig.close();
  });

  it('keeps the key of its hash sealed, shows it masked, and a mask written back changes nothing', async () => {
    const { rig, create } = await start();
    const hash = {
      algorithm: 'sha256',
      key: 'a-very-long-secret-dada',
      encoding: 'HEX',
      paths: ['a'],
    };
    const made = await create({ hashPropertiesConfiguration: hash });
    const shown = '••••••••••••dada';
    assert.equal(made.at('data.transformation.hashPropertiesConfiguration.key'), shown);
    const stored = async () =>
      (await rig.store.db.selectFrom('transformation').select('work').executeTakeFirstOrThrow())
        .work;
    assert(!(await stored()).includes('very-long-secret'));
    const path = `/transformations/${made.at('data.transformation.id')}`;
    const body = { hashPropertiesConfiguration: { ...hash, key: shown, paths: ['b'] } };
    const changed = await rig.call('PATCH', path, { body });
    assert.equal(changed.at('data.transformation.hashPropertiesConfiguration.key'), shown);
    assert.deepEqual(changed.at('data.transformation.hashPropertiesConfiguration.paths'), ['b']);
    const audit = await rig.store.db
      .selectFrom('audit_event')
      .select(['before', 'after'])
      .execute();
    assert(!JSON.stringify(audit).includes('very-long-secret'));
    await rig.close();
  });

  it('needs a condition, except in the style of the seed', async () => {
    const { rig, create } = await start();
    assert.deepEqual(fieldsOf(await create({ if: undefined })), ['if']);
    const body = { name: 's', permission: 'write', answers: 'seed' };
    const token = String((await rig.call('POST', '/tokens', { body })).at('data.secret'));
    const made = await create({ if: undefined }, { token, seed: true });
    assert.equal(made.at('data.transformation.if'), 'all');
    await rig.close();
  });
});
