import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { DeliveryResult } from '../../core/destination.ts';
import { limits } from '../../core/limits.ts';
import { ReverseEtlRig } from './testing/reverse-etl-rig.ts';

const refused: DeliveryResult = { kind: 'discard', code: 'message_rejected', message: 'HTTP 400' };
const away: DeliveryResult = { kind: 'retry', message: 'HTTP 503' };

describe('reverse ETL', () => {
  let rig: ReverseEtlRig;
  beforeEach(async () => {
    rig = await new ReverseEtlRig().start();
  });
  afterEach(() => rig.stop());

  it('sends what is new, changed or gone since the last sync, and nothing else', async () => {
    rig.rows = [
      { id: 1, plan: 'free' },
      { id: 2, plan: 'free' },
      { id: 3, plan: 'free' },
    ];
    const first = await rig.sync('first');
    assert.deepEqual(rig.changes().sort(), ['new 1', 'new 2', 'new 3']);
    assert.partialDeepStrictEqual(first, {
      ...{ status: 'SUCCESS', added: 3, updated: 0, deleted: 0, extracted: 3 },
      ...{ delivered: 3, failed: 0, error: null },
    });
    rig.rows = [
      { plan: 'free', id: 1 },
      { id: 2, plan: 'pro' },
      { id: 4, plan: 'free' },
    ];
    const second = await rig.sync('second');
    assert.deepEqual(rig.changes().sort(), ['deleted 3', 'new 4', 'updated 2']);
    assert.partialDeepStrictEqual(second, { added: 1, updated: 1, deleted: 1, extracted: 3 });
    assert.partialDeepStrictEqual(await rig.sync('third'), { status: 'SUCCESS', delivered: 0 });
    assert.deepEqual(rig.changes(), []);
    assert.deepEqual(await rig.known(), ['1', '2', '4']);
  });

  it('sends a row as a track call named after the change, with the columns as properties', async () => {
    rig.rows = [{ id: 'ada', plan: 'pro', seats: 3, tags: ['a'] }];
    await rig.sync('first');
    const [event] = rig.sent.splice(0);
    assert.partialDeepStrictEqual(event, {
      ...{ type: 'track', event: 'new', __segment_id: 'ada' },
      properties: { id: 'ada', plan: 'pro', seats: 3, tags: ['a'] },
    });
    rig.rows = [];
    await rig.sync('second');
    assert.partialDeepStrictEqual(rig.sent[0], { event: 'deleted', properties: { id: 'ada' } });
    assert.notEqual(event?.messageId, rig.sent[0]?.messageId);
  });

  it('tries again what is worth it, and leaves what fails to the next sync', async () => {
    rig.rows = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
    let tries = 0;
    rig.answering = ({ __segment_id: id }) => {
      if (id === 'a') return refused;
      if (id === 'b') tries += 1;
      return id === 'b' && tries < 3 ? away : { kind: 'delivered' };
    };
    const first = await rig.sync('first');
    assert.partialDeepStrictEqual(first, {
      ...{ status: 'PARTIAL_SUCCESS', delivered: 2, failed: 1, error: 'HTTP 400' },
    });
    assert.equal(tries, 3);
    assert.deepEqual(await rig.known(), ['b', 'c']);
    rig.changes();
    rig.answering = () => ({ kind: 'delivered' });
    assert.partialDeepStrictEqual(await rig.sync('second'), { status: 'SUCCESS', delivered: 1 });
    assert.deepEqual(rig.changes(), ['new a']);
  });

  it('stops at a destination that takes nothing', async () => {
    rig.rows = Array.from({ length: 3 * limits.reverseEtlPageRows }, (_, id) => ({ id }));
    rig.answering = () => away;
    const run = await rig.sync('first');
    assert.partialDeepStrictEqual(run, { status: 'FAIL', delivered: 0, error_code: 'UNAVAILABLE' });
    assert.match(run?.error ?? '', /took none of 500 rows: HTTP 503/);
    assert.equal(rig.sent.length, limits.reverseEtlPageRows * limits.reverseEtlAttempts);
  });

  it('deletes nothing when the query breaks off, and says why', async () => {
    rig.rows = [{ id: 1 }, { id: 2 }];
    await rig.sync('first');
    rig.changes();
    rig.rows = [{ id: 3 }, new Error('relation "customers" does not exist')];
    const run = await rig.sync('second');
    assert.partialDeepStrictEqual(run, {
      status: 'FAIL',
      added: 1,
      error_code: 'WAREHOUSE_FAILED',
    });
    assert.match(run?.error ?? '', /does not exist/);
    assert.deepEqual(rig.changes(), ['new 3']);
    assert.deepEqual(await rig.known(), ['1', '2', '3']);
  });

  it('passes over what the trigger does not take, and over rows that cannot be told apart', async () => {
    rig.rows = [{ id: 1 }, { id: 1 }, { id: null }, { ID: 2 }];
    rig.refuses = ({ event }) => event === 'new';
    const run = await rig.sync('first');
    assert.partialDeepStrictEqual(run, { status: 'FAIL', added: 2, delivered: 0, failed: 2 });
    assert.deepEqual(rig.changes(), []);
    assert.deepEqual(await rig.known(), ['1', '2']);
    const other = await rig.sync('second', {
      model: { id: 'model', sourceId: 'src', query: 'select 1', identifierColumn: 'email' },
    });
    assert.match(other?.error ?? '', /no column "email"/);
  });

  it('sends batches where the destination takes them', async () => {
    rig.takesBatches = true;
    rig.rows = Array.from({ length: 7 }, (_, id) => ({ id }));
    assert.partialDeepStrictEqual(await rig.sync('first'), { delivered: 7 });
    assert.equal(rig.batches, 3);
  });

  it('goes on with a sync that a stop cut off, under its id, and repeats nothing that was taken', async () => {
    let open = () => {};
    rig.rows = [{ id: 1 }, { id: 2 }, { id: 3 }];
    rig.pageRows = 2;
    rig.gate = new Promise((resolve) => {
      open = resolve;
    });
    await rig.configure({ open: ['first'] });
    assert.deepEqual(rig.changes().sort(), ['new 1', 'new 2']);
    const stopped = rig.stop();
    open();
    await stopped;
    rig.gate = undefined;
    await rig.start();
    await rig.clock.advanceSettling(2_000);
    assert.deepEqual(rig.changes(), ['new 3']);
    assert.partialDeepStrictEqual(await rig.run('first'), { status: 'SUCCESS', delivered: 3 });
  });

  it('repeats with the same messageIds what was sent and not yet known to be', async () => {
    rig.rows = [{ id: 1, plan: 'pro' }];
    const ids: string[] = [];
    rig.answering = ({ messageId }) => {
      ids.push(messageId);
      return refused;
    };
    await rig.sync('first');
    await rig.sync('second');
    assert.equal(ids.length, 2);
    assert.equal(ids[0], ids[1]);
  });

  it('is cancelled by its owner while it runs', async () => {
    let open = () => {};
    rig.rows = [{ id: 1 }, { id: 2 }];
    rig.pageRows = 1;
    rig.gate = new Promise((resolve) => {
      open = resolve;
    });
    await rig.configure({ open: ['first'] });
    await rig.clock.advanceSettling(1_000);
    await rig.configure({ open: [] });
    open();
    await rig.clock.advanceSettling(1_000);
    assert.partialDeepStrictEqual(await rig.run('first'), { status: 'CANCELLED', delivered: 1 });
  });

  it('runs by its schedule, one sync after the other', async () => {
    rig.rows = [{ id: 1 }];
    await rig.configure({ schedule: { strategy: 'PERIODIC', everyMs: 3_600_000 } });
    await rig.clock.advanceSettling(1_000);
    assert.deepEqual(rig.changes(), ['new 1']);
    rig.rows = [{ id: 2 }];
    await rig.clock.advanceSettling(3_500_000);
    assert.deepEqual(rig.changes(), []);
    await rig.clock.advanceSettling(200_000);
    assert.deepEqual(rig.changes().sort(), ['deleted 1', 'new 2']);
    assert.deepEqual(
      (await rig.runs()).map(({ id, status }) => `${id} ${status}`),
      ['scheduled-1 SUCCESS', 'scheduled-2 SUCCESS'],
    );
  });

  it('says of a model that is off, or without a warehouse, that it is', async () => {
    const off = await rig.sync('off', { enabled: false });
    assert.match(off?.error ?? '', /is off/);
    const nowhere = await rig.sync('nowhere', { warehouseId: 'none' });
    assert.match(nowhere?.error ?? '', /"warehouseId"/);
    assert.deepEqual(rig.queries, []);
  });

  it('forgets what it knows of a subscription that is gone', async () => {
    rig.rows = [{ id: 1 }];
    await rig.sync('first');
    await rig.swap({ reverseEtl: [] });
    await rig.clock.advanceSettling(1_000);
    assert.deepEqual([await rig.known(), await rig.runs()], [[], []]);
  });
});
