import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../core/limits.ts';
import { mergeRecordText, UsageRecord } from '../../core/usage/usage-record.ts';
import { connection, DeliverRig } from '../../deliver/testing/deliver-rig.ts';
import { openDeliverUsage } from '../../usage/deliver-usage.ts';
import { countsIn } from '../../usage/testing/usage-rows.ts';

async function countingRig(): Promise<DeliverRig> {
  const rig = new DeliverRig({ openUsage: openDeliverUsage, random: () => 0 });
  await rig.start();
  await rig.configure({ connections: [connection()] });
  return rig;
}

/** Until what was done is in the tables. */
const fold = (rig: DeliverRig) => rig.clock.advance(2 * limits.usageFoldMs);

test('what a destination takes, refuses, takes later and is not for it is counted, by event', async () => {
  const rig = await countingRig();
  let failures = 2;
  rig.answering = ({ body }) => {
    const { messageId } = JSON.parse(String(body));
    if (messageId === 'refused') return 400;
    return messageId === 'late' && failures-- > 0 ? 503 : 200;
  };
  await rig.append(
    { id: 'at once' },
    { id: 'refused', more: { event: 'R' } },
    { id: 'late', more: { event: 'L', context: { app: { version: '2.1' } } } },
    { id: 'excluded', more: { integrations: { All: false } } },
  );
  await rig.clock.advance(60_000);
  await fold(rig);
  const expected = {
    'dest delivered track E': 1,
    'dest delivered track L': 1,
    'dest failed track R message_rejected': 1,
    'dest retried track L': 2,
    'dest filtered track E filtered_by_integrations_object': 1,
  };
  for (const span of ['minute', 'hour', 'day'] as const) {
    assert.deepEqual(await countsIn(rig.store.db, span), expected);
  }
  const record = new UsageRecord();
  const rows = await rig.store.db.selectFrom('usage_count').selectAll().execute();
  for (const { span, counts } of rows) if (span === 'day') mergeRecordText(record, counts);
  const late = [...record.counts].find(
    ({ name, outcome }) => name === 'L' && outcome === 'delivered',
  );
  assert.deepEqual([late?.version, late?.retries, late?.repeated], ['2.1', 2, 1]);
  assert.deepEqual([record.timeToSuccess.count, record.timeToFirstAttempt.count], [2, 3]);
  await rig.stop();
});

test('counts go with the cursors: what a crash repeats is counted once', async () => {
  const rig = await countingRig();
  let delivered = 0;
  for (let round = 0; round < 10; round++) {
    const ids = Array.from({ length: 7 }, (_, n) => ({ id: `${round}/${n}` }));
    delivered += ids.length;
    await rig.append(...ids);
    await rig.clock.advance(limits.cursorCommitMs * (round % 3 === 0 ? 0.5 : 2));
    if (round % 4 === 3) await fold(rig);
    await rig.crash();
    await rig.start();
  }
  await rig.clock.advance(1_000);
  await fold(rig);
  assert.ok(rig.sent.length > delivered, 'the crashes made it repeat');
  assert.deepEqual(await countsIn(rig.store.db), { 'dest delivered track E': delivered });
  await rig.stop();
});

test('what was committed shortly before a stop is counted by whoever comes next', async () => {
  const rig = await countingRig();
  await rig.append({ id: 'a' });
  await rig.clock.advance(1_000);
  await rig.stop();
  await rig.start();
  await fold(rig);
  assert.deepEqual(await countsIn(rig.store.db), { 'dest delivered track E': 1 });
  await rig.stop();
});

test('a commit that is written but whose answer is lost counts once', async () => {
  const rig = await countingRig();
  const { db } = rig.store;
  await rig.append({ id: 'a' });
  await rig.clock.advance(1_000);
  const { transaction } = db;
  let lost = 0;
  db.transaction = () => {
    const made = transaction.call(db);
    const { execute } = made;
    made.execute = async (work) => {
      await execute.call(made, work);
      lost += 1;
      throw new TypeError('the answer is lost');
    };
    return made;
  };
  await rig.append({ id: 'b' });
  await fold(rig);
  db.transaction = transaction;
  assert.ok(lost > 1, 'folds were lost');
  await rig.append({ id: 'c' });
  await fold(rig);
  await fold(rig);
  assert.deepEqual(await countsIn(db), { 'dest delivered track E': 3 });
  await rig.stop();
});

test('a replay is not counted among deliveries', async () => {
  const rig = await countingRig();
  await rig.append({ id: 'a' });
  await rig.clock.advance(1_000);
  const to = rig.clock.now() + 1;
  await rig.configure({ replays: [{ id: 'r', connectionId: 'dest', from: 0, to }] });
  await rig.clock.advance(5_000);
  await fold(rig);
  assert.equal(rig.sent.length, 2);
  assert.deepEqual(await countsIn(rig.store.db), { 'dest delivered track E': 1 });
  await rig.stop();
});

test('what a destination has not taken when it is removed is counted as given up', async () => {
  const rig = await countingRig();
  rig.answering = () => 503;
  await rig.append({ id: 'a' }, { id: 'b', type: 'page' });
  await rig.clock.advance(500);
  await rig.configure({ connections: [] });
  await rig.clock.advance(1_000);
  await fold(rig);
  const counts = await countsIn(rig.store.db);
  assert.equal(counts['dest failed track E destination_disabled'], 1);
  assert.equal(counts['dest failed page destination_disabled'], 1);
  await rig.stop();
});
