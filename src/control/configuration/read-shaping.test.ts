import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSealed } from '../../core/secret-box.ts';
import { controlRig, everyOption } from '../testing/control-rig.ts';

test('plans, transformations and switches of the schema are in the snapshot where they are in force', async () => {
  const rig = await controlRig();
  const source = rig.control.snapshot().sources[0]?.id;
  const call = async (method: 'POST' | 'PUT' | 'PATCH', path: string, body: object) => {
    const answer = await rig.call(method, path, { body });
    assert.equal(answer.status, 200, `${method} ${path}`);
    return answer;
  };
  await call('POST', '/destinations', {
    ...{ sourceId: source, metadataId: everyOption.slug, name: 'd', enabled: true },
    settings: { text: 'x' },
  });
  const plan = await call('POST', '/tracking-plans', { name: 'Plan', type: 'LIVE' });
  const planId = plan.at('data.trackingPlan.id');
  const rule = { type: 'TRACK', key: 'A', version: 1, jsonSchema: { required: ['userId'] } };
  await call('PUT', `/tracking-plans/${planId}/rules`, { rules: [rule] });
  assert.equal(rig.control.snapshot().trackingPlans, undefined);
  await call('POST', `/tracking-plans/${planId}/sources`, { sourceId: source });
  await call('PATCH', `/sources/${source}/settings`, {
    track: { allowUnplannedEvents: false, commonEventOnViolations: 'OMIT_PROPERTIES' },
    forwardingViolationsTo: source,
  });
  await call('PATCH', `/sources/${source}/client-settings`, {
    plan: {
      track: {
        A: { enabled: true, integrations: { [everyOption.name]: false } },
        B: { enabled: true, integrations: { Other: false } },
      },
    },
  });
  const made = { sourceId: source, enabled: true };
  const hash = { algorithm: 'SHA256', key: 'k', paths: ['a'] };
  await call('POST', '/transformations', { ...made, name: '1', if: 'all', newEventName: 'X' });
  await call('POST', '/transformations', {
    ...made,
    name: '2',
    if: "event = 'Y'",
    enabled: false,
    drop: true,
  });
  await call('POST', '/transformations', {
    ...{ ...made, name: '3', if: 'all', destinationMetadataId: everyOption.slug },
    hashPropertiesConfiguration: hash,
  });
  const { sources, connections, trackingPlans } = rig.control.snapshot();
  assert.deepEqual(trackingPlans, [
    {
      id: planId,
      name: 'Plan',
      rules: [{ type: 'TRACK', key: 'A', version: 1, schema: rule.jsonSchema }],
    },
  ]);
  const traits = { allowUnplannedTraits: true, allowTraitsOnViolations: true, common: 'ALLOW' };
  assert.deepEqual(sources[0]?.plan, {
    plan: planId,
    track: {
      allowUnplannedEvents: false,
      allowUnplannedEventProperties: true,
      allowEventOnViolations: false,
      allowPropertiesOnViolations: true,
      common: 'OMIT',
    },
    identify: traits,
    group: traits,
    violationsTo: source,
  });
  assert.deepEqual(
    sources[0]?.transformations?.map(({ if: text, work }) => [text, work]),
    [['all', { newEventName: 'X' }]],
  );
  const connection = connections.find(({ slug }) => slug === everyOption.slug);
  assert.deepEqual(connection?.eventsOff, ['A']);
  const [ofDestination] = connection?.transformations ?? [];
  const { key, ...rest } = ofDestination?.work.hashPropertiesConfiguration ?? hash;
  assert(isSealed(key));
  assert.deepEqual(rest, { algorithm: 'SHA256', paths: ['a'] });
  await rig.close();
});
