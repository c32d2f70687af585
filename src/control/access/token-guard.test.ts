import assert from 'node:assert/strict';
import { it } from 'node:test';
import { limits } from '../../core/limits.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { adminToken, controlRig } from '../testing/control-rig.ts';

it('who guesses tokens is not heard for the rest of the minute, others and known tokens are', async () => {
  const clock = new ManualClock();
  const rig = await controlRig({ clock });
  const from = (address: string, token: string) =>
    rig.call('GET', '/', { token, headers: { 'x-forwarded-for': address } });
  const made = await rig.call('POST', '/tokens', { body: { name: 'new', permission: 'read' } });
  const unused = String(made.at('data.secret'));
  for (let tries = 0; tries < limits.refusedTokensPerMinute; tries += 1) {
    assert.equal((await from('10.0.0.1', `guess-${tries}`)).status, 401);
  }
  const slowed = await from('10.0.0.1', 'guess');
  assert.equal(slowed.status, 429);
  assert.equal(slowed.headers['retry-after'], '60');
  assert.equal((await from('10.0.0.1', unused)).status, 429);
  assert.equal((await from('10.0.0.1', adminToken)).status, 200);
  assert.equal((await from('10.0.0.2', 'guess')).status, 401);
  clock.advance(60_000);
  assert.equal((await from('10.0.0.1', unused)).status, 200);
  await rig.close();
});
