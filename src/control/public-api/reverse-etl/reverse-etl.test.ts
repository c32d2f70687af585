import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { limits } from '../../../core/limits.ts';
import type { StateStore } from '../../../core/state.ts';
import type { WorkTables } from '../../../core/tables/work-tables.ts';
import { ManualClock } from '../../../core/testing/manual-clock.ts';
import { freshStores } from '../../../storage/testing/fresh-stores.ts';
import { roles } from '../../access/roles.ts';
import { type ControlRig, controlRig } from '../../testing/control-rig.ts';
import { inBrowser } from '../../testing/in-browser.ts';

describe('reverse ETL', () => {
  const clock = new ManualClock();
  let work: StateStore<WorkTables>;
  let rig: ControlRig;
  let sourceId: string;
  let modelId: string;
  let destinationId: string;
  before(async () => {
    work = await freshStores().openWork();
    rig = await controlRig({ definitions: [inBrowser], work, clock });
    sourceId = String((await rig.call('GET', '/sources')).at('data.sources.0.id'));
    const body = { sourceId, metadataId: inBrowser.id, settings: {} };
    destinationId = String(
      (await rig.call('POST', '/destinations', { body })).at('data.destination.id'),
    );
  });
  beforeEach(async () => {
    modelId = String((await makeModel()).at('data.reverseEtlModel.id'));
  });
  after(async () => {
    await rig.close();
    await work.close();
  });

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

  const run = (more: object) =>
    work.db
      .insertInto('reverse_etl_run')
      .values({
        ...{ id: 'run', subscription: 's', model: modelId, status: 'SUCCESS', scheduled: 1 },
        ...{ started_at: 1_000, extracted_at: 2_000, finished_at: 3_000 },
        ...{ added: 3, updated: 2, deleted: 1, extracted: 9, delivered: 6, failed: 0 },
        ...{ error: null, error_code: null },
        ...more,
      })
      .execute();
  const swept = () => clock.advanceSettling(1_000);

  it('hands a sync that was asked for to the worker, and shows what came of it', async () => {
    const subscription = await idOf();
    const started = await sync(subscription);
    assert.equal(started.status, 200);
    const syncId = String(started.at('data.reverseETLManualSync.syncId'));
    const path = `/reverse-etl-models/${modelId}/syncs/${syncId}`;
    const status = async () => (await rig.call('GET', path)).at('data.reverseETLSyncStatus');
    assert.partialDeepStrictEqual(await status(), {
      ...{ syncId, modelId, sourceId, syncStatus: 'IN_PROGRESS' },
    });
    const open = () =>
      rig.control.snapshot().reverseEtl?.find((one) => one.subscription.id === subscription)?.open;
    assert.deepEqual(open(), [syncId]);
    await run({ id: syncId, subscription, status: 'PARTIAL_SUCCESS', failed: 1, error: 'No room' });
    await swept();
    assert.partialDeepStrictEqual(await status(), {
      ...{ syncStatus: 'PARTIAL_SUCCESS', error: 'No room' },
      extractPhase: { addedCount: '3', updatedCount: '2', deletedCount: '1', extractCount: '9' },
      loadPhase: { deliverSuccessCount: '6', deliverFailureCount: '1' },
    });
    assert.deepEqual(open(), []);
    assert.equal((await rig.call('POST', `${path}/cancel`, { body: {} })).status, 409);
  });

  it('shows a sync that a schedule began, from its beginning, and can cancel it', async () => {
    const subscription = await idOf();
    const ids = { id: 'scheduled', subscription };
    await run({ ...ids, status: 'IN_PROGRESS', extracted_at: null, finished_at: null });
    await swept();
    const path = `/reverse-etl-models/${modelId}/syncs/scheduled`;
    const status = (await rig.call('GET', path)).at('data.reverseETLSyncStatus');
    assert.partialDeepStrictEqual(status, { syncStatus: 'IN_PROGRESS' });
    const answer = await rig.call('POST', `${path}/cancel`, { body: {} });
    assert.equal(answer.at('data.status'), 'CANCELLED');
    await work.db
      .updateTable('reverse_etl_run')
      .set({ status: 'SUCCESS', finished_at: 5_000 })
      .where('id', '=', 'scheduled')
      .execute();
    await swept();
    const after = (await rig.call('GET', path)).at('data.reverseETLSyncStatus.syncStatus');
    assert.equal(after, 'CANCELLED');
  });

  it('gives the worker the query, where it runs, and when', async () => {
    const subscription = await idOf();
    const body = { metadataId: 'duckdb', name: 'W', settings: { path: 'w.duckdb' } };
    const made = await rig.call('POST', '/warehouses', { body });
    const patch = (input: object) =>
      rig.call('PATCH', `/destinations/${destinationId}/subscriptions/${subscription}`, {
        body: { input },
      });
    const config = { days: [1, 5], hours: [8], timezone: 'Europe/Berlin' };
    await patch({ reverseETLSchedule: { strategy: 'SPECIFIC_DAYS', config } });
    const shown = rig.control
      .snapshot()
      .reverseEtl?.find((one) => one.subscription.id === subscription);
    assert.partialDeepStrictEqual(shown, {
      ...{ connectionId: destinationId, enabled: true, warehouseId: made.at('data.warehouse.id') },
      model: { sourceId, query: model.query, identifierColumn: 'id' },
      schedule: { strategy: 'SPECIFIC_DAYS', ...config },
    });
    for (const [key, wrong] of [
      ['interval', { strategy: 'PERIODIC', config: { interval: '15' } }],
      ['spec', { strategy: 'CRON', config: { spec: '61 * * * *', timezone: 'UTC' } }],
      ['timezone', { strategy: 'CRON', config: { spec: '* * * * *', timezone: 'Nowhere' } }],
    ] as const) {
      const refused = await patch({ reverseETLSchedule: wrong });
      assert.equal(refused.at('errors.0.field'), `input.reverseETLSchedule.config.${key}`);
    }
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
