import assert from 'node:assert/strict';
import { it } from 'node:test';
import { controlRig } from '../../testing/control-rig.ts';

it('a group has users and people invited, each once, and knows no others', async () => {
  const rig = await controlRig();
  await rig.call('POST', '/users', { body: { email: 'u@example.com', name: 'U' } });
  await rig.call('POST', '/invites', { body: { invites: [{ email: 'i@example.com' }] } });
  const made = await rig.call('POST', '/groups', { body: { name: 'Both' } });
  assert.equal(made.status, 200);
  assert.equal(made.at('data.userGroup.memberCount'), 0);
  const id = made.at('data.userGroup.id');
  const taken = await rig.call('POST', '/groups', { body: { name: 'Both' } });
  assert.deepEqual([taken.status, taken.at('errors.0.field')], [409, 'name']);

  const emails = ['u@example.com', 'I@example.com', 'u@example.com'];
  const put = await rig.call('POST', `/groups/${id}/users`, { body: { emails } });
  assert.equal(put.at('data.userGroup.memberCount'), 2);
  const strange = { emails: ['u@example.com', 'nobody@example.com'] };
  const refused = await rig.call('POST', `/groups/${id}/users`, { body: strange });
  assert.deepEqual([refused.status, refused.at('errors.0.field')], [422, 'emails.1']);

  const only = { emails: ['i@example.com'] };
  const replaced = await rig.call('PUT', `/group/${id}/users`, { body: only });
  assert.equal(replaced.at('data.userGroup.memberCount'), 1);
  const gone = await rig.call('DELETE', `/group/${id}/users?emails=u@example.com`);
  assert.equal(gone.status, 404);
  await rig.call('DELETE', `/group/${id}/users?emails=i@example.com`);
  assert.equal((await rig.call('GET', `/groups/${id}`)).at('data.userGroup.memberCount'), 0);

  const renamed = await rig.call('PATCH', `/groups/${id}`, { body: { name: 'Renamed' } });
  assert.equal(renamed.at('data.userGroup.name'), 'Renamed');
  assert.equal((await rig.call('DELETE', `/groups/${id}`)).status, 200);
  assert.equal((await rig.call('GET', `/groups/${id}`)).status, 404);
  await rig.close();
});
