import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ControlRig, controlRig, everyOption } from '../../testing/control-rig.ts';

describe('a source', () => {
  let rig: ControlRig;
  before(async () => {
    rig = await controlRig();
  });
  after(() => rig.close());

  async function make(slug: string): Promise<string> {
    const body = { slug, metadataId: 'iUM16Md8P2' };
    return String((await rig.call('POST', '/sources', { body })).at('data.source.id'));
  }

  it('has a slug of its own, also after a change', async () => {
    const id = await make('first');
    await make('second');
    const taken = await rig.call('PATCH', `/sources/${id}`, { body: { slug: 'second' } });
    assert.equal(taken.status, 409);
    assert.equal(taken.at('errors.0.type'), 'conflict');
    const same = await rig.call('PATCH', `/sources/${id}`, { body: { slug: 'first' } });
    assert.equal(same.status, 200);
  });

  it('keeps settings that a change does not name, and unsets one that is null', async () => {
    const path = `/sources/${await make('with-settings')}`;
    await rig.call('PATCH', path, { body: { settings: { one: 1, two: 2 } } });
    const answer = await rig.call('PATCH', path, { body: { settings: { one: null } } });
    assert.deepEqual(answer.at('data.source.settings'), { two: 2 });
  });

  it('is of a kind in the catalogue', async () => {
    const body = { slug: 'unknown-kind', metadataId: 'none' };
    const answer = await rig.call('POST', '/sources', { body });
    assert.equal(answer.status, 422);
    assert.equal(answer.at('errors.0.field'), 'metadataId');
  });

  it('takes its write keys and destinations with it when it is deleted', async () => {
    const id = await make('short-lived');
    const body = { sourceId: id, metadataId: everyOption.id };
    await rig.call('POST', '/destinations', { body });
    await rig.call('DELETE', `/sources/${id}`);
    const { sources, connections } = rig.control.snapshot();
    assert(!sources.some((source) => source.id === id));
    assert.deepEqual(connections, []);
    const keys = rig.store.db.selectFrom('write_key').selectAll().where('source_id', '=', id);
    assert.deepEqual(await keys.execute(), []);
  });

  it('can be disabled, which the audit trail names', async () => {
    const id = await make('disabled');
    await rig.call('PATCH', `/sources/${id}`, { body: { enabled: false } });
    const source = rig.control.snapshot().sources.find((candidate) => candidate.id === id);
    assert.equal(source?.enabled, false);
    const audit = await rig.store.db
      .selectFrom('audit_event')
      .select('type')
      .where('resource_id', '=', id)
      .orderBy('position')
      .execute();
    assert.deepEqual(
      audit.map(({ type }) => type),
      ['Source Created', 'Source Disabled'],
    );
  });

  it('has limits up to the enterprise figures; null goes back to the default', async () => {
    const id = await make('limited');
    const patch = (body: object) => rig.call('PATCH', `/sources/${id}/limits`, { body });
    const set = await patch({ requestsPerSecond: 5, batchEvents: 10_000 });
    assert.deepEqual(set.at('data.limits'), {
      requestsPerSecond: 5,
      requestBytes: null,
      eventBytes: null,
      batchEvents: 10_000,
    });
    const limits = () => rig.control.snapshot().sources.find((source) => source.id === id)?.limits;
    assert.deepEqual(limits(), { requestsPerSecond: 5, batchEvents: 10_000 });
    await patch({ requestsPerSecond: null });
    assert.deepEqual(limits(), { batchEvents: 10_000 });
    assert.equal((await patch({ batchEvents: 10_001 })).at('errors.0.field'), 'batchEvents');
    const read = await rig.call('GET', `/sources/${id}/limits`);
    assert.equal(read.at('data.limits.batchEvents'), 10_000);
  });
});
