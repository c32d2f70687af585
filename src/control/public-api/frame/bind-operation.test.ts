import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import Fastify from 'fastify';
import { silentLogger } from '../../../core/logger.ts';
import { Registry } from '../../../core/prometheus.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import { ManualClock } from '../../../core/testing/manual-clock.ts';
import { freshStores } from '../../../storage/testing/fresh-stores.ts';
import { AuditRetention } from '../../access/audit-retention.ts';
import { TokenGuard } from '../../access/token-guard.ts';
import { TokenUses } from '../../access/token-uses.ts';
import { bootstrap } from '../../bootstrap.ts';
import { createCatalog } from '../../catalog/catalog.ts';
import { readSnapshot } from '../../configuration/build-snapshot.ts';
import { Type } from '../../schemas/type.ts';
import { adminToken, testSecrets } from '../../testing/control-rig.ts';
import { logRig } from '../../testing/log-rig.ts';
import { type Operation, readOperation, writeOperation } from './operation.ts';
import { publicApi } from './public-api.ts';
import { RateLimiter } from './rate-limiter.ts';
import { Requests } from './requests.ts';

const common = { path: '/thing', tag: 'Test', summary: 'For a test', on: 'workspace' } as const;

/** Serves one operation on a real store; its last published snapshot beside it. */
async function serve(operation: Operation) {
  const clock = new ManualClock();
  const store = await freshStores().openControl();
  const { db } = store;
  await bootstrap({ store, random: randomBytes, now: 0, token: adminToken });
  const workspace = await db.selectFrom('workspace').selectAll().executeTakeFirstOrThrow();
  const snapshots: Snapshot[] = [];
  const app = Fastify();
  const tail = {
    prepare: async () => undefined,
    add: () => undefined,
    wake: () => undefined,
    close: async () => undefined,
  };
  const environment = {
    db,
    work: () => undefined,
    region: null,
    secrets: testSecrets,
    answers: 'sdk' as const,
    workspace,
    catalog: createCatalog([]),
    logs: (await logRig(clock)).logs,
    tail,
    clock,
    random: randomBytes,
    logger: silentLogger,
  };
  const writes = {
    auditRetention: new AuditRetention(),
    committed: async () => {
      snapshots.push(await readSnapshot(db, environment.catalog));
    },
  };
  const requests = new Requests({
    environment,
    limiter: new RateLimiter(clock),
    guard: new TokenGuard(clock, new Registry()),
    uses: new TokenUses(db, clock, silentLogger),
  });
  await app.register(
    publicApi([operation], { environment, requests, perMinute: 100, ownRates: true, writes }),
  );
  const { method } = operation;
  const headers = { authorization: `Bearer ${adminToken}` };
  const answer = await app.inject({ method, url: '/thing', headers });
  const audit = await db
    .selectFrom('audit_event')
    .selectAll()
    .where('operation', '=', operation.operationId)
    .execute();
  await app.close();
  await store.close();
  return { answer, audit, snapshots };
}

describe('what a handler returns', () => {
  const response = Type.Object({ known: Type.String() });
  const read = (result: { known: string }) =>
    readOperation({
      ...common,
      operationId: 'readThing',
      method: 'GET',
      permission: 'read',
      response,
      handle: () => result,
    });

  it('is cut to the declared keys', async () => {
    const result = { known: 'x', secret: 'y' };
    const { answer } = await serve(read(result));
    assert.deepEqual(answer.json(), { data: { known: 'x' } });
  });

  it('is a defect when a required key is missing, and nothing of it is shown', async () => {
    const result = JSON.parse('{"other":"inner detail"}');
    const { answer } = await serve(read(result));
    assert.equal(answer.statusCode, 500);
    assert.deepEqual(answer.json().errors[0], {
      type: 'internal-error',
      message: 'An unexpected error occurred',
      data: null,
      status: 500,
    });
  });
});

describe('a write', () => {
  const write = (fails: boolean) =>
    writeOperation({
      ...common,
      operationId: 'writeThing',
      method: 'POST',
      permission: 'write',
      audit: { type: 'Thing Made', resourceType: 'thing' },
      response: Type.Object({}),
      handle: async ({ db, now }) => {
        await db.updateTable('workspace').set({ name: 'changed' }).execute();
        if (fails) throw new RangeError('inner detail');
        return { data: {}, audited: { resourceId: `t${now}`, resourceName: 'Thing' } };
      },
    });

  it('commits with its audit record, and then its snapshot is published', async () => {
    const { answer, audit, snapshots } = await serve(write(false));
    assert.equal(answer.statusCode, 200);
    assert.equal(snapshots[0]?.workspace.name, 'changed');
    assert.deepEqual(
      audit.map(({ type, resource_name }) => [type, resource_name]),
      [['Thing Made', 'Thing']],
    );
    assert.equal(audit[0]?.position, snapshots[0]?.version);
  });

  it('that fails leaves no change, no record and no snapshot', async () => {
    const { answer, audit, snapshots } = await serve(write(true));
    assert.equal(answer.statusCode, 500);
    assert(!answer.body.includes('inner detail'));
    assert.deepEqual([audit, snapshots], [[], []]);
  });
});
