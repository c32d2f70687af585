import assert from 'node:assert/strict';
import { it } from 'node:test';
import { limits } from '../../../core/limits.ts';
import { ManualClock } from '../../../core/testing/manual-clock.ts';
import { AuditRetention } from '../../access/audit-retention.ts';
import { type ControlRig, controlRig } from '../../testing/control-rig.ts';

async function types(rig: ControlRig, query = ''): Promise<unknown[]> {
  const answer = await rig.call('GET', `/audit-events?${query}`);
  const events = answer.at('data.events');
  assert(Array.isArray(events), JSON.stringify(answer.body));
  return events.map((_, index) => answer.at(`data.events.${index}.type`));
}

it('the trail shows the newest first, and of one resource, one type or one time where asked', async () => {
  const clock = new ManualClock();
  const rig = await controlRig({ clock });
  const id = (await rig.call('GET', '/sources')).at('data.sources.0.id');
  const before = clock.now();
  await rig.call('PATCH', `/sources/${id}`, { body: { name: 'Renamed' } });
  clock.advance(60_000);
  const label = { key: 'team', value: 'a' };
  await rig.call('POST', '/labels', { body: { label } });
  assert.deepEqual((await types(rig)).slice(0, 2), ['Label Created', 'Source Modified']);
  assert.deepEqual((await types(rig, `resourceId=${id}`)).slice(0, 1), ['Source Modified']);
  assert.deepEqual(await types(rig, 'resourceType=LABEL'), ['Label Created']);
  const time = (ms: number) => encodeURIComponent(new Date(ms).toISOString());
  assert.deepEqual(await types(rig, `startTime=${time(before + 1)}`), ['Label Created']);
  const early = await types(rig, `startTime=${time(before)}&endTime=${time(before + 60_000)}`);
  assert(early.includes('Source Modified') && !early.includes('Label Created'));
  const wrong = await rig.call('GET', '/audit-events?startTime=yesterday');
  assert.deepEqual([wrong.status, wrong.at('errors.0.field')], [422, 'startTime']);
  const event = await rig.call('GET', '/audit-events?pagination[count]=1');
  assert.match(String(event.at('data.events.0.actor')), /^public-api-token\/.{8}$/);
  assert.equal(event.at('data.events.0.resourceName'), 'team:a');
  await rig.close();
});

it('its pages stay as they are while events come in', async () => {
  const rig = await controlRig();
  for (const value of ['a', 'b', 'c', 'd', 'e']) {
    await rig.call('POST', '/labels', { body: { label: { key: 'team', value } } });
  }
  const names: unknown[] = [];
  let cursor = '';
  for (const late of ['x', 'y', 'z']) {
    const page = await rig.call(
      'GET',
      `/audit-events?resourceType=label&pagination[count]=2${cursor}`,
    );
    names.push(page.at('data.events.0.resourceName'), page.at('data.events.1.resourceName'));
    cursor = `&pagination[cursor]=${page.at('data.pagination.next')}`;
    await rig.call('POST', '/labels', { body: { label: { key: 'late', value: late } } });
  }
  assert.deepEqual(names, ['team:e', 'team:d', 'team:c', 'team:b', 'team:a', undefined]);
  await rig.close();
});

it('it names the user of the token, and is shown to whoever may give roles', async () => {
  const rig = await controlRig();
  const body = { email: 'a@example.com', name: 'A' };
  const userId = (await rig.call('POST', '/users', { body })).at('data.user.id');
  const workspaceId = String((await rig.call('GET', '/')).at('data.workspace.id'));
  const owner = '1rWorkspaceOwner'.padEnd(27, '0');
  const made = await rig.call('POST', '/tokens', {
    body: { name: 'a', permission: 'admin', userId },
  });
  const token = String(made.at('data.secret'));
  assert.equal((await rig.call('GET', '/audit-events', { token })).status, 403);
  const resources = [{ id: workspaceId, type: 'WORKSPACE' }];
  await rig.call('POST', `/users/${userId}/permissions`, {
    body: { permissions: [{ roleId: owner, resources }] },
  });
  await rig.call('POST', '/labels', { token, body: { label: { key: 'team', value: 'a' } } });
  const trail = await rig.call('GET', '/audit-events', { token });
  assert.equal(trail.at('data.events.0.actorEmail'), 'a@example.com');
  await rig.close();
});

it('it is kept for 90 days, and never longer than so many rows', async () => {
  const clock = new ManualClock();
  const rig = await controlRig({ clock });
  const { db } = rig.store;
  await rig.call('POST', '/labels', { body: { label: { key: 'team', value: 'a' } } });
  clock.advance(limits.auditMs + 1);
  assert.deepEqual(await types(rig), [], 'what is older is not shown, trimmed or not');
  for (const value of ['b', 'c', 'd', 'e']) {
    await rig.call('POST', '/labels', { body: { label: { key: 'team', value } } });
  }
  const retention = new AuditRetention(3);
  for (let write = 0; write < limits.auditTrimEvery; write += 1) {
    await retention.written(db, clock.now());
  }
  assert.equal((await db.selectFrom('audit_event').select('id').execute()).length, 3);
  assert.deepEqual(await types(rig), Array(3).fill('Label Created'));
  await rig.close();
});
