import assert from 'node:assert/strict';
import { it } from 'node:test';
import { roles } from '../../access/roles.ts';
import { controlRig } from '../../testing/control-rig.ts';

it('a workspace begins with the labels of its environments', async () => {
  const rig = await controlRig();
  const labels = (await rig.call('GET', '/labels')).at('data.labels');
  assert.deepEqual(labels, [
    { key: 'environment', value: 'dev' },
    { key: 'environment', value: 'prod' },
  ]);
  await rig.close();
});

it('a label is made once, with or without its wrapper, of letters, digits and dashes', async () => {
  const rig = await controlRig();
  const label = { key: 'team', value: 'web-1', description: 'The web team' };
  const made = await rig.call('POST', '/labels', { body: { label } });
  assert.deepEqual([made.status, made.at('data.label')], [201, label]);
  const again = await rig.call('POST', '/labels', { body: label });
  assert.deepEqual([again.status, again.at('errors.0.field')], [409, 'label']);
  const flat = await rig.call('POST', '/labels', { body: { key: 'team', value: 'app' } });
  assert.equal(flat.status, 201);
  for (const [body, field] of [
    [{}, 'label'],
    [{ key: 'team' }, 'value'],
    [{ value: 'x' }, 'key'],
    [{ label: { key: '1st', value: 'x' } }, 'label.key'],
    [{ label: { key: 'a', value: 'x y' } }, 'label.value'],
    [{ label: { key: 'a' } }, 'label.value'],
  ] as const) {
    const refused = await rig.call('POST', '/labels', { body });
    assert.deepEqual([refused.status, refused.at('errors.0.field')], [422, field]);
  }
  const seed = { name: 'seed', permission: 'write', answers: 'seed' };
  const token = String((await rig.call('POST', '/tokens', { body: seed })).at('data.secret'));
  const answer = await rig.call('POST', '/labels', {
    body: { key: 'team', value: 'seed' },
    token,
    seed: true,
  });
  assert.deepEqual([answer.status, answer.at('data.labels.0.value')], [200, 'seed']);
  await rig.close();
});

it('a label is not deleted while a source or a role has it', async () => {
  const rig = await controlRig();
  const label = { key: 'team', value: 'a' };
  await rig.call('POST', '/labels', { body: { label } });
  const source = `/sources/${(await rig.call('GET', '/sources')).at('data.sources.0.id')}`;
  await rig.call('PUT', `${source}/labels`, { body: { labels: [label] } });
  assert.equal((await rig.call('DELETE', '/labels/team/a')).status, 409);
  await rig.call('PUT', `${source}/labels`, { body: { labels: [] } });

  const workspaceId = (await rig.call('GET', '/')).at('data.workspace.id');
  const roleId = roles.find(({ name }) => name === 'Source Admin')?.id;
  const resources = [{ id: workspaceId, type: 'WORKSPACE', labels: [label] }];
  const permissions = [{ roleId, resources }];
  const user = await rig.call('POST', '/users', {
    body: { email: 'a@example.com', name: 'A', permissions },
  });
  const used = await rig.call('DELETE', '/labels/team/a');
  assert.equal(used.status, 409);
  assert.match(String(used.at('errors.0.message')), /a role of the user/);
  await rig.call('DELETE', `/users?userIds=${user.at('data.user.id')}`);
  assert.equal((await rig.call('DELETE', '/labels/team/a')).status, 200);
  assert.equal((await rig.call('DELETE', '/labels/team/a')).status, 404);
  await rig.close();
});
