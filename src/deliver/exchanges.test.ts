import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../core/limits.ts';
import { recordKinds } from '../core/records.ts';
import { connection, DeliverRig } from './testing/deliver-rig.ts';

const failuresOf = (rig: DeliverRig) =>
  rig.store.db.selectFrom('delivery_failure').selectAll().orderBy('id').execute();

test('failed attempts are kept with their requests and answers, the last of each connection', async () => {
  const rig = await new DeliverRig().start();
  rig.answering = ({ body }) => ({
    status: String(body).includes('refused') ? 400 : 503,
    headers: { 'x-id': '7' },
    body: 'no',
  });
  await rig.configure({ connections: [connection()] });
  await rig.append({ id: 'refused', u: 'a' });
  await rig.append({ id: 'later', u: 'b' });
  await rig.clock.advance(2_000);
  const [first, second] = await failuresOf(rig);
  assert.deepEqual(
    [first?.message_id, first?.code, first?.attempts],
    ['refused', 'message_rejected', 1],
  );
  const [exchange] = JSON.parse(first?.exchanges ?? '');
  assert.equal(exchange.status, 400);
  assert.equal(exchange.answerBody, 'no');
  assert.match(exchange.requestBody, /"messageId":"refused"/);
  assert.deepEqual([second?.message_id, second?.code], ['later', '']);
  const many = Array.from({ length: 3 * limits.failuresKept }, (_, n) => ({
    ...{ id: `refused ${n}`, u: `${n}` },
  }));
  await rig.append(...many);
  await rig.clock.advance(60_000);
  const kept = await failuresOf(rig);
  assert.equal(kept.length, limits.failuresKept);
  await rig.configure({ connections: [] });
  await rig.clock.advance(2_000);
  assert.deepEqual(await failuresOf(rig), []);
  await rig.stop();
});

test('what is delivered is not kept; while somebody watches its source, its requests are told', async () => {
  const rig = await new DeliverRig().start();
  await rig.configure({ connections: [connection()] });
  await rig.append({ id: 'unseen', u: 'a' });
  await rig.clock.advance(1_000);
  rig.watched.add('src');
  rig.answering = ({ body }) => (String(body).includes('bad') ? 400 : 200);
  await rig.append({ id: 'seen', u: 'a' }, { id: 'bad', u: 'b' });
  await rig.clock.advance(2_000);
  const told = (await rig.results()).map(({ kind, messageId, exchanges }) => [
    kind,
    messageId,
    Array.isArray(exchanges) && exchanges[0].status,
  ]);
  assert.deepEqual(told.toSorted(), [
    [recordKinds.discard, 'bad', 400],
    [recordKinds.delivered, 'seen', 200],
  ]);
  assert.deepEqual(
    (await failuresOf(rig)).map(({ message_id }) => message_id),
    ['bad'],
  );
  await rig.stop();
});
