import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { limits } from '../../../core/limits.ts';
import { roles } from '../../access/roles.ts';
import { type ControlRig, controlRig } from '../../testing/control-rig.ts';
import { inBrowser } from '../../testing/in-browser.ts';

describe('reverse ETL', () => {
  let rig: ControlRig;
  let sourceId: string;
  let modelId: string;
  let destinationId: string;
  before(async () => {
    rig = await controlRig({ definitions: [inBrowser] });
    sourceId = String((await rig.call('GET', '/sources')).at('data.sources.0.id'));
    const body = { sourceId, metadataId: inBrowser.id, settings: {} };
    destinationId = String(
      (await rig.call('POST', '/destinations', { body })).at('data.destination.id'),
    );
  });
  beforeEach(async () => {
    modelId = String((await makeModel()).at('data.reverseEtlModel.id'));
  });
  after(() => rig.close());

  const model = {
    ...{ name: 'Customers', description: 'All of them', enabled: true },
    ...{ query: 'select * from customers', queryIdentifierColumn: 'id' },
  };
  const makeModel = (more: object = {}) =>
    rig.call('POST', '/reverse-etl-models', { body: { sourceId, ...model, ...more } });
  const subscribe = async (more: object = { modelId }) => {
    const path = `/destinations/${destinationId}`;
    const read = await rig.call('GET', path);
    const body = {
      ...{ name: 'Rows', trigger: 'type = "track"', enabled: true },
      actionId: read.at('data.destination.metadata.actions.0.id'),
      ...more,
    };
    return rig.call('POST', `${path}/subscriptions`, { body });
  };
  const idOf = async (more?: object) =>
    String((await subscribe(more)).at('data.destinationSubscription.id'));
  const sync = (subscriptionId: string, more: object = {}) =>
    rig.call('POST', '/reverse-etl-syncs', {
      body: { sourceId, modelId, subscriptionId, ...more },
    });

  it('has models, which are made, read, changed and deleted, each with its audit event', async () => {
    const made = await makeModel();
    assert.equal(made.status, 201);
    const id = made.at('data.reverseEtlModel.id');
    assert.deepEqual(made.at('data.reverseEtlModel'), { id, sourceId, ...model });
    const path = `/reverse-etl-models/${id}`;
    const changed = await rig.call('PATCH', path, { body: { query: 'select 1' } });
    assert.deepEqual(changed.at('data.reverseEtlModel'), {
      id,
      sourceId,
      ...model,
      query: 'select 1',
    });
    await rig.call('PATCH', path, { body: { enabled: false } });
    assert.equal((await rig.call('GET', path)).at('data.reverseEtlModel.enabled'), false);
    assert.equal((await rig.call('DELETE', path)).at('data.status'), 'SUCCESS');
    assert.equal((await rig.call('GET', path)).status, 404);
    const events = await rig.store.db
      .selectFrom('audit_event')
      .select('type')
      .where('resource_id', '=', String(id))
      .orderBy('position')
      .execute();
    assert.deepEqual(
      events.map(({ type }) => type),
      ['Created', 'Settings Saved', 'State Change Toggled', 'Deleted'].map(
        (what) => `Model ${what}`,
      ),
    );
    assert.equal((await makeModel({ sourceId: 'none' })).status, 404);
  });

  it('is seen and changed by whoever has the roles of entities', async () => {
    const workspaceId = rig.control.snapshot().workspace.id;
    const tokenOf = async (name: string) => {
      const roleId = roles.find((role) => role.name === name)?.id;
      const permissions = [{ roleId, resources: [{ type: 'WORKSPACE', id: workspaceId }] }];
      const body = { name, permission: 'write', permissions };
      return String((await rig.call('POST', '/tokens', { body })).at('data.secret'));
    };
    const body = { sourceId, ...model };
    const statuses = async (name: string) => {
      const token = await tokenOf(name);
      const read = await rig.call('GET', `/reverse-etl-models/${modelId}`, { token });
      const made = await rig.call('POST', '/reverse-etl-models', { token, body });
      return [read.status, made.status];
    };
    assert.deepEqual(await statuses('Entities Admin'), [200, 201]);
    assert.deepEqual(await statuses('Entities Read-only'), [200, 403]);
    assert.deepEqual(await statuses('Source Admin'), [403, 403]);
  });

  it('has subscriptions to a model, which go with it: without it they would take events', async () => {
    const unknown = await subscribe({ modelId: 'none' });
    assert.deepEqual([unknown.status, unknown.at('errors.0.field')], [422, 'modelId']);
    const subscription = await idOf();
    const path = `/destinations/${destinationId}/subscriptions/${subscription}`;
    const wrong = { input: { reverseETLModelId: 'none' } };
    assert.equal(
      (await rig.call('PATCH', path, { body: wrong })).at('errors.0.field'),
      'input.reverseETLModelId',
    );
    const schedule = { strategy: 'PERIODIC', config: { interval: '1h' } };
    const body = { input: { reverseETLSchedule: schedule } };
    const scheduled = await rig.call('PATCH', path, { body });
    assert.deepEqual(scheduled.at('data.subscription.reverseETLSchedule'), schedule);
    await rig.call('DELETE', `/reverse-etl-models/${modelId}`);
    assert.equal((await rig.call('GET', path)).status, 404);
  });

  it('says of a sync at once that nothing ran it', async () => {
    const subscription = await idOf();
    const started = await sync(subscription);
    assert.equal(started.status, 200);
    const syncId = started.at('data.reverseETLManualSync.syncId');
    const path = `/reverse-etl-models/${modelId}/syncs/${syncId}`;
    const status = (await rig.call('GET', path)).at('data.reverseETLSyncStatus');
    assert.partialDeepStrictEqual(status, {
      ...{ syncId, modelId, sourceId, syncStatus: 'FAIL', duration: '0s' },
      errorCode: 'NOT_IMPLEMENTED',
    });
    const cancelled = await rig.call('POST', `${path}/cancel`, { body: { reasonForCanceling: 1 } });
    assert.equal(cancelled.status, 409);
  });

  it('refuses a sync of what does not belong together', async () => {
    const apart = await sync(await idOf({}));
    assert.deepEqual([apart.status, apart.at('errors.0.field')], [422, 'subscriptionId']);
    const elsewhere = await sync(await idOf(), { sourceId: 'none' });
    assert.deepEqual([elsewhere.status, elsewhere.at('errors.0.field')], [422, 'sourceId']);
    assert.equal((await sync('none')).status, 404);
    assert.equal((await sync(await idOf(), { modelId: 'none' })).status, 404);
  });

  it('ends a sync that runs when it is cancelled', async () => {
    const subscription = await idOf();
    const id = String((await sync(subscription)).at('data.reverseETLManualSync.syncId'));
    await rig.store.db
      .updateTable('reverse_etl_sync')
      .set({ status: 'IN_PROGRESS', finished_at: null, error: null, error_code: null })
      .where('id', '=', id)
      .execute();
    const path = `/reverse-etl-models/${modelId}/syncs/${id}`;
    const running = await rig.call('GET', path);
    assert.equal(running.at('data.reverseETLSyncStatus.finishedAt'), undefined);
    const wrong = await rig.call('POST', `${path}/cancel`, { body: { reasonForCanceling: 5 } });
    assert.equal(wrong.at('errors.0.field'), 'reasonForCanceling');
    const answer = await rig.call('POST', `${path}/cancel`, { body: { reasonForCanceling: 2 } });
    assert.deepEqual(answer.at('data'), { modelId, syncId: id, status: 'CANCELLED' });
    assert.equal((await rig.call('POST', `${path}/cancel`, { body: {} })).status, 409);
  });

  it('lists syncs newest first, in flat pages of 10 unless more are asked for, and keeps the newest', async () => {
    const subscription = await idOf();
    const ids: unknown[] = [];
    for (let index = 0; index < 12; index += 1) {
      ids.unshift((await sync(subscription)).at('data.reverseETLManualSync.syncId'));
    }
    const path = `/reverse-etl-models/${modelId}/subscriptionId/${subscription}/syncs`;
    const listed = (answer: Awaited<ReturnType<typeof rig.call>>, count: number) =>
      Array.from({ length: count }, (_, at) => answer.at(`data.syncStatuses.${at}.syncId`));
    const first = await rig.call('GET', path);
    assert.deepEqual(listed(first, 10), ids.slice(0, 10));
    assert.equal(first.at('data.syncStatuses.10'), undefined);
    const next = `${path}?cursor=${first.at('data.pagination.next')}&count=2`;
    assert.deepEqual(listed(await rig.call('GET', next), 2), ids.slice(10));
    assert.equal((await rig.call('GET', `${path}?count=101`)).at('errors.0.field'), 'count');
    assert.equal((await rig.call('GET', path.replace(subscription, 'none'))).status, 404);
    await rig.store.db
      .insertInto('reverse_etl_sync')
      .values(
        Array.from({ length: limits.syncsKept }, (_, index) => ({
          ...{ id: `${modelId}-${index}`, model_id: modelId, subscription_id: subscription },
          ...{ position: -index, status: 'SUCCESS', started_at: 0, finished_at: 1 },
          ...{ extract_phase: null, load_phase: null, error: null, error_code: null },
          cancel_reason: null,
        })),
      )
      .execute();
    await sync(subscription);
    const kept = await rig.call('GET', path);
    assert.equal(kept.at('data.pagination.totalEntries'), limits.syncsKept);
  });
});
