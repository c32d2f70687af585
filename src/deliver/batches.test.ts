import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordKinds } from '../core/records.ts';
import { random } from '../core/testing/random.ts';
import { BatchDestination } from './testing/batch-destination.ts';
import { connection, DeliverRig, type PlainEvent } from './testing/deliver-rig.ts';

async function started(far: BatchDestination): Promise<DeliverRig> {
  const rig = await new DeliverRig({ definitions: [far.definition] }).start();
  await rig.configure({ connections: [connection()] });
  return rig;
}

function users(count: number, more: Partial<PlainEvent> = {}): PlainEvent[] {
  return Array.from({ length: count }, (_, index) => ({ id: `${index}`, u: `u${index}`, ...more }));
}

test('events that are ready go together: a full batch at once, the rest after a moment', async () => {
  const far = new BatchDestination();
  far.mostEvents = 3;
  const rig = await started(far);
  await rig.append(...users(7));
  await rig.clock.advance(10);
  assert.deepEqual(far.sent, [
    ['0', '1', '2'],
    ['3', '4', '5'],
  ]);
  await rig.clock.advance(200);
  assert.deepEqual(far.sent.at(-1), ['6']);
  assert.equal(rig.lane('batch')['delivered'], 7);
  await rig.stop();
});

test('only events of one group go together, and one without a group goes alone', async () => {
  const far = new BatchDestination();
  const rig = await started(far);
  await rig.append(
    { id: '1', u: 'a', more: { event: 'x' } },
    { id: '2', u: 'b', more: { event: 'y' } },
    { id: '3', u: 'c', more: { event: 'x' } },
    { id: '4', u: 'd', more: { event: 'alone' } },
  );
  await rig.clock.advance(300);
  assert.deepEqual(far.sent, [['4'], ['1', '3'], ['2']]);
  await rig.stop();
});

test('events of a user go in one batch in their order, and those of another group wait for it', async () => {
  const far = new BatchDestination();
  const rig = await started(far);
  await rig.append(
    { id: '1', u: 'a' },
    { id: '2', u: 'a' },
    { id: '3', u: 'a', more: { event: 'y' } },
    { id: '4', u: 'a' },
    { id: '5', u: 'b' },
  );
  await rig.clock.advance(200);
  assert.deepEqual(far.sent, [['1', '5', '2']]);
  await rig.clock.advance(200);
  assert.deepEqual(far.sent.at(-1), ['3']);
  await rig.clock.advance(200);
  assert.deepEqual(far.sent.at(-1), ['4']);
  await rig.stop();
});

test('while a batch is in flight nothing of its users is sent', async () => {
  const far = new BatchDestination();
  const { promise, resolve } = Promise.withResolvers<void>();
  far.hold = promise;
  const rig = await started(far);
  await rig.append({ id: '1', u: 'a' });
  await rig.clock.advance(200);
  await rig.append({ id: '2', u: 'a' }, { id: '3', u: 'b' });
  await rig.clock.advance(500);
  assert.deepEqual(far.sent, [['1'], ['3']]);
  far.hold = undefined;
  resolve();
  await rig.clock.advance(300);
  assert.deepEqual(far.sent.at(-1), ['2']);
  await rig.stop();
});

test('one that fails does not fail the others: it is discarded, or repeated, alone', async () => {
  const far = new BatchDestination();
  far.script = (id, attempt) =>
    id === '1' ? 'discard' : id === '2' && attempt === 1 ? 'retry' : 'ok';
  const rig = await started(far);
  await rig.append(...users(4));
  await rig.clock.advance(5_000);
  assert.deepEqual(far.sent, [['0', '1', '2', '3'], ['2']]);
  const { delivered, discarded, parked, lagEvents } = rig.lane('batch');
  assert.deepEqual(
    { delivered, discarded, parked, lagEvents },
    { delivered: 3, discarded: 1, parked: 0, lagEvents: 0 },
  );
  const discards = (await rig.results()).filter(({ kind }) => kind === recordKinds.discard);
  assert.deepEqual(
    discards.map(({ body }) => JSON.parse(body).messageId),
    ['1'],
  );
  await rig.stop();
});

test('what follows a user whose event of a batch is repeated waits for that one, though a later one was taken', async () => {
  const far = new BatchDestination();
  far.script = (id, attempt) => (id === '1' && attempt < 3 ? 'retry' : 'ok');
  const rig = await started(far);
  far.mostEvents = 2;
  await rig.append({ id: '1', u: 'a' }, { id: '2', u: 'a' }, { id: '3', u: 'a' });
  await rig.clock.advance(250);
  assert.deepEqual(far.sent, [['1', '2']]);
  await rig.append({ id: '4', u: 'a' });
  await rig.clock.advance(20_000);
  assert.deepEqual(far.sent.flat(), ['1', '2', '1', '1', '3', '4']);
  assert.equal(rig.lane('batch')['delivered'], 4);
  await rig.stop();
});

test('a circuit that opens is probed with one event, and what was gathered goes once it closes', async () => {
  const far = new BatchDestination();
  far.mostEvents = 2;
  let isDown = true;
  far.script = () => (isDown ? 'retry' : 'ok');
  const rig = await started(far);
  await rig.append(...users(60));
  await rig.clock.advance(3_000);
  assert.equal(rig.lane('batch')['circuit'], 'open');
  const before = far.sent.length;
  await rig.clock.advance(40_000);
  const probes = far.sent.slice(before);
  assert(probes.length > 0 && probes.every((ids) => ids.length === 1), JSON.stringify(probes));
  isDown = false;
  await rig.clock.advance(60_000);
  const { delivered, circuit } = rig.lane('batch');
  assert.deepEqual({ delivered, circuit }, { delivered: 60, circuit: 'closed' });
  await rig.stop();
});

test('through failures and crashes every event is delivered, those of a user in order of their first arrival', async (t) => {
  const dice = random(Date.now());
  t.diagnostic(`seed ${dice.seed}`);
  const far = new BatchDestination();
  far.mostEvents = 5;
  const arrived: string[] = [];
  const rig = await started(far);
  const of = new Map<string, string>();
  // A batch fails as a whole: of one that fails alone, its successors in the batch arrive before it.
  const verdicts = new WeakMap<readonly string[], 'ok' | 'retry'>();
  far.script = (id, _attempt, batch) => {
    const verdict = verdicts.get(batch) ?? (dice.chance(0.2) ? 'retry' : 'ok');
    verdicts.set(batch, verdict);
    if (verdict === 'ok') arrived.push(id);
    return verdict;
  };
  let next = 0;
  for (let turn = 0; turn < 60; turn += 1) {
    const events = Array.from({ length: dice.between(1, 8) }, () => {
      next += 1;
      const u = dice.pick(['a', 'b', 'c', 'd']);
      of.set(`${next}`, u);
      return { id: `${next}`, u, more: { event: dice.pick(['x', 'x', 'y', 'alone']) } };
    });
    await rig.append(...events);
    await rig.clock.advance(dice.between(0, 1_500));
    if (dice.chance(0.1)) {
      await rig.crash();
      await rig.start();
    }
  }
  await rig.clock.advance(3_600_000);
  const first = [...new Set(arrived)];
  assert.equal(first.length, next);
  for (const user of ['a', 'b', 'c', 'd']) {
    const own = first.filter((id) => of.get(id) === user).map(Number);
    assert.deepEqual(
      own,
      own.toSorted((a, b) => a - b),
      user,
    );
  }
  await rig.stop();
});
