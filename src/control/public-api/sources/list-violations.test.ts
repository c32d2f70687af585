import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordKinds } from '../../../core/records.ts';
import { ManualClock } from '../../../core/testing/manual-clock.ts';
import { controlRig } from '../../testing/control-rig.ts';
import { logRig } from '../../testing/log-rig.ts';

const price = { type: 'Required', field: 'properties.price', description: 'price is required' };
const extra = {
  type: 'Unplanned',
  field: 'properties.extra',
  description: 'extra is not in the tracking plan',
};

test('violations of a source are counted by event and kind, within the hours that are asked for', async () => {
  const clock = new ManualClock();
  const { logs, append } = await logRig(clock);
  const rig = await controlRig({ logs, clock });
  const source = rig.control.snapshot().sources[0]?.id ?? '';
  const record = (messageId: string, violations: readonly object[], of = source) => ({
    ...{ kind: recordKinds.event, source: of },
    meta: JSON.stringify({ i: 1, n: 0, t: clock.now(), type: 'track', id: messageId }),
    body: Buffer.from(
      JSON.stringify({ event: 'Bought', messageId, context: { protocols: { violations } } }),
    ),
  });
  await append('events', record('old', [price]));
  clock.advance(3 * 3_600_000);
  await append(
    'events',
    record('m1', [price, extra]),
    record('m2', [price]),
    record('x', [extra], 'other'),
  );
  const list = async (query: string) => {
    const answer = await rig.call('GET', `/sources/${source}/violations${query}`);
    assert.equal(answer.status, 200);
    const violations = answer.at('data.violations');
    assert(Array.isArray(violations));
    return violations.map((one) => [
      Object(one).field,
      Object(one).count,
      Object(one).lastMessageId,
    ]);
  };
  assert.deepEqual(await list('?hours=1'), [
    ['properties.price', 2, 'm2'],
    ['properties.extra', 1, 'm1'],
  ]);
  assert.deepEqual((await list(''))[0], ['properties.price', 3, 'm2']);
  const whole = await rig.call('GET', `/sources/${source}/violations`);
  assert.equal(whole.at('data.isComplete'), true);
  assert.equal((await rig.call('GET', `/sources/${source}/violations?hours=500`)).status, 422);
  assert.equal((await rig.call('GET', '/sources/none/violations')).status, 404);
  await rig.close();
});
