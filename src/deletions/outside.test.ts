import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeletionTarget } from '../core/deletion.ts';
import type { DestinationDefinition } from '../core/destination.ts';
import { TributaryError } from '../core/errors.ts';
import type { ConnectionConfig, Snapshot, WarehouseConfig } from '../core/snapshot.ts';
import { deleteFromWarehouse, type RowDeletion } from './delete-from-warehouse.ts';
import { tellDestination } from './tell-destination.ts';

const { signal } = new AbortController();
const target: DeletionTarget = {
  ...{ regulation: 'r', kind: 'destination', id: 'x', sourceId: 's', isWhole: false },
  ...{ subjectType: 'USER_ID', before: 86_400_000 },
};
const anonymous = { ...target, subjectType: 'ANONYMOUS_ID' } as const;

function holding(more: Partial<Snapshot>) {
  const workspace = { id: 'w', slug: 'w', name: 'w' };
  const rest = { version: 1, workspace, sources: [], connections: [], replays: [] };
  return { current: { ...rest, ...more }, subscribe: () => () => undefined };
}

test('the code of a destination is told of one user by the kind of the id; what it says comes back', async () => {
  const connection: ConnectionConfig = {
    ...{ id: 'x', sourceId: 's', slug: 'crm', integration: 'CRM', enabled: true, since: 0 },
    settings: { key: 'k' },
  };
  const told: unknown[] = [];
  const kind: DestinationDefinition = {
    ...{ id: 'm', slug: 'crm', name: 'CRM', description: '', website: '', categories: [] },
    ...{ supports: [], options: [], lanes: () => ({ ok: true, lanes: [] }) },
    deleteUser: async ({ settings }, user, { regulation, askedAt }) => {
      told.push({ ...settings, ...user, regulation, askedAt });
      if (user.userId === 'later') return { state: 'failed', message: 'busy', retry: true };
      return { state: user.userId === 'odd' ? 'unsupported' : 'deleted' };
    },
  };
  const http = { request: () => assert.fail('nothing goes out from here') };
  const snapshot = holding({ connections: [connection, { ...connection, id: 'y', slug: 'mute' }] });
  const { deleteUser: _code, ...mute } = { ...kind, slug: 'mute' };
  const ask = tellDestination({ definitions: [kind, mute], snapshot, http });
  assert.deepEqual(await ask(target, ['u'], signal), { kind: 'deleted' });
  assert.deepEqual(await ask(anonymous, ['a'], signal), { kind: 'deleted' });
  assert.deepEqual(told, [
    { key: 'k', userId: 'u', regulation: 'r', askedAt: 86_400_000 },
    { key: 'k', anonymousId: 'a', regulation: 'r', askedAt: 86_400_000 },
  ]);
  assert.deepEqual(await ask(target, ['later'], signal), {
    ...{ kind: 'failed', message: 'busy', retry: true },
  });
  assert.equal((await ask(target, ['odd'], signal)).kind, 'unsupported');
  assert.equal((await ask({ ...target, id: 'y' }, ['u'], signal)).kind, 'unsupported');
  const gone = await ask({ ...target, id: 'gone' }, ['u'], signal);
  assert(gone.kind === 'failed' && !gone.retry);
});

test('a warehouse deletes the rows of a source from before the regulation; what it says is tried again', async () => {
  const jobs: RowDeletion[] = [];
  let failure: TributaryError | undefined;
  const warehouse: WarehouseConfig = {
    ...{ id: 'x', slug: 'postgres', enabled: true, settings: {} },
    sources: [
      { sourceId: 's', since: 0 },
      { sourceId: 'other', since: 0 },
    ],
  };
  const shared = { ...warehouse, id: 'shared', settings: { schema: 'all' } };
  const ask = deleteFromWarehouse({
    snapshot: holding({
      warehouses: [warehouse, shared, { ...warehouse, id: 'odd', slug: 'odd' }],
    }),
    hasEngine: ({ slug }) => slug === 'postgres',
    deleteRows: async (job) => {
      jobs.push(job);
      if (failure !== undefined) throw failure;
      return 7;
    },
  });
  assert.deepEqual(await ask(target, ['u', 'v'], signal), { kind: 'deleted', rows: 7 });
  await ask(anonymous, ['a'], signal);
  const rows = jobs.map(({ sourceId, ids, by, before }) => [sourceId, ids, by, before]);
  assert.deepEqual(rows, [
    ['s', ['u', 'v'], 'user_id', '1970-01-02T00:00:00.000Z'],
    ['s', ['a'], 'anonymous_id', '1970-01-02T00:00:00.000Z'],
  ]);
  failure = new TributaryError('warehouse_failed', 'no route');
  assert.deepEqual(await ask(target, ['u'], signal), {
    ...{ kind: 'failed', message: 'no route', retry: true },
  });
  failure = undefined;
  assert.equal((await ask({ ...target, id: 'odd' }, ['u'], signal)).kind, 'unsupported');
  // Where sources share their tables, only a deletion in all of them can be told apart.
  const one = await ask({ ...target, id: 'shared' }, ['u'], signal);
  assert(one.kind === 'failed' && !one.retry);
  assert.match(one.message, /all sources/);
  const whole = await ask({ ...target, id: 'shared', isWhole: true }, ['u'], signal);
  assert.deepEqual(whole, { kind: 'deleted', rows: 7 });
});
