import assert from 'node:assert/strict';
import { it } from 'node:test';
import { limits } from '../../core/limits.ts';
import { controlRig, everyOption } from '../testing/control-rig.ts';
import { auditText } from './write-audit.ts';

it('the audit trail keeps a resource as it was before and after a change, without its secrets', async () => {
  const rig = await controlRig();
  const sourceId = (await rig.call('GET', '/sources')).at('data.sources.0.id');
  const settings = { secret: 'the-first-secret-1234', region: 'eu' };
  const body = { sourceId, metadataId: everyOption.id, settings };
  const path = `/destinations/${(await rig.call('POST', '/destinations', { body })).at('data.destination.id')}`;
  await rig.call('PATCH', path, {
    body: { settings: { secret: 'the-other-secret-5678', region: 'us' } },
  });
  await rig.call('DELETE', path);
  await rig.call('POST', `/sources/${sourceId}/writekey`);
  const rows = await rig.store.db
    .selectFrom('audit_event')
    .selectAll()
    .orderBy('position')
    .execute();
  const trail = rows
    .slice(-4)
    .map(({ type, before, after }) => [
      type,
      before === null ? null : JSON.parse(before).destination?.settings.region,
      after === null ? null : JSON.parse(after).destination?.settings.region,
    ]);
  assert.deepEqual(trail, [
    ['Integration Created', null, 'eu'],
    ['Integration Modified', 'eu', 'us'],
    ['Integration Deleted', 'us', null],
    ['Source Modified', undefined, undefined],
  ]);
  const text = JSON.stringify(rows);
  assert(!text.includes('the-first-secret') && !text.includes('the-other-secret'));
  for (const key of rig.control.snapshot().sources[0]?.writeKeys ?? []) assert(!text.includes(key));
  await rig.close();
});

it('what an audit record cannot hold is left out, and said to be', () => {
  const long = { text: 'x'.repeat(limits.auditLength) };
  assert.match(auditText(long) ?? '', /^\{"tooLong":\d+\}$/);
  assert.equal(
    auditText({ token: 'secret', nested: [{ password: 'p' }] }),
    '{"token":"••••","nested":[{"password":"••••"}]}',
  );
});
