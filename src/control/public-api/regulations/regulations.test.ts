import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { roles } from '../../access/roles.ts';
import { type ControlRig, controlRig, everyOption } from '../../testing/control-rig.ts';

describe('regulations', () => {
  let rig: ControlRig;
  let sourceId: string;
  before(async () => {
    rig = await controlRig();
    sourceId = String((await rig.call('GET', '/sources')).at('data.sources.0.id'));
  });
  after(() => rig.close());

  async function regulate(
    regulationType: string,
    subjectIds: readonly string[],
    path = '/regulations',
    subjectType = 'USER_ID',
  ): Promise<string> {
    const body = { regulationType, subjectType, subjectIds, collection: 'tickets' };
    const made = await rig.call('POST', path, { body });
    assert.equal(made.status, 200, JSON.stringify(made.body));
    return String(made.at('data.regulateId'));
  }

  async function suppressed(): Promise<unknown[]> {
    const answer = await rig.call('GET', '/suppressions');
    const list = answer.at('data.suppressed');
    assert(Array.isArray(list));
    return list.map((_, index) => answer.at(`data.suppressed.${index}.subjectIds.0`));
  }

  it('suppression holds at once and is taken back; the snapshot only says up to which change', async () => {
    assert.equal(rig.control.snapshot().suppressions, undefined);
    const id = await regulate('SUPPRESS_ONLY', ['a', 'b', 'a']);
    assert.deepEqual(await suppressed(), ['a', 'b']);
    const first = rig.control.snapshot().suppressions ?? 0;
    assert(first > 0);
    const one = await rig.call('GET', `/regulations/${id}`);
    assert.equal(one.at('data.regulation.overallStatus'), 'FINISHED');
    assert.equal(typeof one.at('data.regulation.finishedAt'), 'string');
    await regulate('UNSUPPRESS', ['a', 'never']);
    assert.deepEqual(await suppressed(), ['b']);
    assert((rig.control.snapshot().suppressions ?? 0) > first);
    const rows = await rig.store.db
      .selectFrom('suppression')
      .select(['subject_id', 'in_force'])
      .orderBy('position')
      .execute();
    assert.deepEqual(
      rows.map(({ subject_id, in_force }) => [subject_id, in_force]),
      [
        ['b', 1],
        ['a', 0],
        ['never', 0],
      ],
    );
  });

  it('what is to be deleted waits; destinations and warehouses that are on wait too, others say why not', async () => {
    const settings = { hooks: ['http://127.0.0.1/'] };
    const made = await rig.call('POST', '/destinations', {
      body: { sourceId, metadataId: everyOption.id, name: 'CRM', enabled: true, settings },
    });
    await rig.call('POST', '/destinations', {
      body: { sourceId, metadataId: everyOption.id, name: 'off', enabled: false, settings },
    });
    const id = await regulate('SUPPRESS_AND_DELETE', ['d']);
    assert((await suppressed()).includes('d'));
    const one = await rig.call('GET', `/regulations/${id}`);
    assert.equal(one.at('data.regulation.overallStatus'), 'INITIALIZED');
    assert.equal(one.at('data.regulation.finishedAt'), undefined);
    assert.equal(one.at('data.regulation.streamStatus.0.id'), sourceId);
    const status = 'data.regulation.streamStatus.0.destinationStatus.0';
    assert.equal(one.at(`${status}.id`), made.at('data.destination.id'));
    assert.equal(one.at(`${status}.name`), 'CRM');
    assert.equal(one.at(`${status}.status`), 'INITIALIZED');
    assert.deepEqual([one.at(`${status}.errString`), one.at(`${status}.finishedAt`)], ['', '']);
    const off = 'data.regulation.streamStatus.0.destinationStatus.1';
    assert.equal(one.at(`${off}.status`), 'NOT_SUPPORTED');
    assert.match(String(one.at(`${off}.errString`)), /was off when/);
    const { deletions, newestDeletion } = rig.control.snapshot();
    assert.equal(deletions, 1);
    assert.ok(Number(newestDeletion) > 0);
    await rig.call('DELETE', `/destinations/${made.at('data.destination.id')}`);
    const later = await rig.call('GET', `/regulations/${id}`);
    assert.equal(later.at(`${status}.name`), 'CRM');
    const internal = await regulate('DELETE_INTERNAL', ['d']);
    const none = await rig.call('GET', `/regulations/${internal}`);
    assert.deepEqual(none.at('data.regulation.streamStatus'), []);
  });

  it('of one source they are its own: other sources and the workspace’s list know nothing of them', async () => {
    const before = await suppressed();
    const path = `/regulations/sources/${sourceId}`;
    await regulate('SUPPRESS_ONLY', ['anon'], path, 'ANONYMOUS_ID');
    await regulate('DELETE_ARCHIVE_ONLY', ['x'], path);
    assert.deepEqual(await suppressed(), before);
    const list = await rig.call('GET', path);
    const types = [0, 1, 2].map((index) => list.at(`data.regulations.${index}.regulationType`));
    assert.deepEqual(types, ['SUPPRESS_ONLY', 'DELETE_ARCHIVE_ONLY', undefined]);
    assert.deepEqual(list.at('data.regulations.0.subjects'), ['anon']);
    const only = await rig.call('GET', `${path}?regulationTypes.0=DELETE_ARCHIVE_ONLY`);
    assert.equal(only.at('data.regulations.0.subjects.0'), 'x');
    assert(!JSON.stringify((await rig.call('GET', '/regulations')).body).includes('anon'));
  });

  it('the workspace outranks a source: there its users are not taken back', async () => {
    await regulate('SUPPRESS_ONLY', ['both']);
    const path = `/regulations/sources/${sourceId}`;
    const body = {
      regulationType: 'UNSUPPRESS',
      subjectType: 'USER_ID',
      subjectIds: ['x', 'both'],
    };
    const refused = await rig.call('POST', path, { body });
    assert.deepEqual([refused.status, refused.at('errors.0.field')], [422, 'subjectIds.1']);
  });

  it('objects of cloud sources are not here, and a regulation of them says so', async () => {
    const path = `/regulations/cloudsources/${sourceId}`;
    const id = await regulate('SUPPRESS_ONLY', ['o'], path, 'OBJECT_ID');
    const one = await rig.call('GET', `/regulations/${id}`);
    assert.equal(one.at('data.regulation.overallStatus'), 'NOT_SUPPORTED');
    const found = await rig.call('GET', '/regulations?status=FINISHED');
    assert(!JSON.stringify(found.body).includes(id));
  });

  it('5,000 users in one request are suppressed, more are refused', async () => {
    const ids = Array.from({ length: 5_000 }, (_, index) => `many-${index}`);
    await regulate('SUPPRESS_ONLY', ids);
    const page = await rig.call('GET', '/suppressions?pagination.count=1');
    assert(Number(page.at('data.pagination.totalEntries')) >= 5_000);
    const body = {
      regulationType: 'SUPPRESS_ONLY',
      subjectType: 'USER_ID',
      subjectIds: [...ids, 'x'],
    };
    const refused = await rig.call('POST', '/regulations', { body });
    assert.deepEqual([refused.status, refused.at('errors.0.field')], [422, 'subjectIds']);
  });

  it('the summary of the API has other names for type and status', async () => {
    const body = { name: 'seed', permission: 'read', answers: 'seed' };
    const token = String((await rig.call('POST', '/tokens', { body })).at('data.secret'));
    const list = await rig.call('GET', '/regulations', { token, seed: true });
    assert.equal(list.at('data.regulations.0.regulateType'), 'SUPPRESS_ONLY');
    assert.equal(list.at('data.regulations.0.overallStatus'), 'FINISHED');
  });

  it('they are read by whoever has the role on the workspace, not on one source alone', async () => {
    const roleId = roles.find(({ name }) => name === 'End User Privacy Admin')?.id;
    const workspaceId = String((await rig.call('GET', '/')).at('data.workspace.id'));
    const tokenOn = async (type: string, id: string) => {
      const permissions = [{ roleId, resources: [{ id, type }] }];
      const body = { name: 'x', permission: 'write', permissions };
      return String((await rig.call('POST', '/tokens', { body })).at('data.secret'));
    };
    const whole = await tokenOn('WORKSPACE', workspaceId);
    const one = await tokenOn('SOURCE', sourceId);
    for (const path of ['/regulations', '/suppressions', `/regulations/sources/${sourceId}`]) {
      assert.equal((await rig.call('GET', path, { token: whole })).status, 200);
      assert.equal((await rig.call('GET', path, { token: one })).status, 403);
    }
  });
});

it('the suppressions of a source go with it', async () => {
  const rig = await controlRig();
  const sourceId = (await rig.call('GET', '/sources')).at('data.sources.0.id');
  const body = { regulationType: 'SUPPRESS_ONLY', subjectType: 'USER_ID', subjectIds: ['a'] };
  await rig.call('POST', `/regulations/sources/${sourceId}`, { body });
  await rig.call('DELETE', `/sources/${sourceId}`);
  assert.deepEqual(await rig.store.db.selectFrom('suppression').selectAll().execute(), []);
  await rig.close();
});
