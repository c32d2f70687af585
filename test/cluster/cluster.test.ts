import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger } from '../crash/ledger.ts';
import { loyalPerson } from '../crash/person.ts';
import { startSender } from '../crash/sender.ts';
import { type Random, random, seedFrom } from '../rig/random.ts';
import { startCluster } from './cluster.ts';
import { doubledInEvents } from './doubled.ts';
import { type Fault, faults, isWhole } from './faults.ts';

const seed = seedFrom('CLUSTER_SEED');
/** How often each kind of fault happens. */
const rounds = Number(process.env['CLUSTER_ROUNDS'] ?? 1);

/** Nothing arrives for so long: delivery has stopped. */
const stalledMs = 60_000;
/** What arrived so long before a fault and arrives again is no doubt of it: commits are 100 ms apart, on a loaded machine more. */
const repeatableMs = 2_000;

/** To look for what one kind of fault does: a part of its name. */
const only = process.env['CLUSTER_ONLY'] ?? '';
const forOneBroker = faults.filter(({ name }) => name.includes(only));
const forThreeBrokers = faults.filter(({ name }) => name.startsWith('a broker'));

for (const [brokers, kinds] of [
  [1, forOneBroker],
  [3, forThreeBrokers],
] as const) {
  test(
    `three nodes on ${brokers} broker(s): whatever fails, everything acknowledged arrives, in order, and is in the log once (CLUSTER_SEED=${seed})`,
    {
      timeout: 240_000 + rounds * kinds.length * 60_000,
    },
    (t) => survives(t, brokers, kinds, random(seed)),
  );
}

async function survives(
  t: TestContext,
  brokers: number,
  kinds: readonly Fault[],
  dice: Random,
): Promise<void> {
  const cluster = await startCluster(t, { brokers, dice });
  const { book, front, log, nodes } = cluster;
  await isWhole(cluster);
  const senders = Array.from({ length: 8 }, (_, index) =>
    startSender(`s${index}`, front, book, random(dice.between(1, 2 ** 30)), loyalPerson),
  );
  t.after(() => Promise.all(senders.map((sender) => sender.stop())));
  for (let round = 0; round < rounds; round++) {
    for (const fault of shuffled(kinds, dice)) {
      const since = performance.now();
      await fault.happen(cluster, dice);
      await isWhole(cluster);
      t.diagnostic(`${fault.name}: ${Math.round((performance.now() - since) / 1_000)} s`);
      await sleep(1_000);
    }
  }
  await Promise.all(senders.map((sender) => sender.stop()));
  await arrivalOf(book);
  const { sent, acknowledged, arrived } = book.counts();
  const ages = book.repeats.map(({ beforeDeathMs }) => beforeDeathMs ?? Number.NaN);
  t.diagnostic(`sent ${sent}, acknowledged ${acknowledged}, arrived ${arrived}`);
  t.diagnostic(
    `repeated deliveries ${ages.length}, at most ${Math.max(0, ...ages)} ms before a fault`,
  );
  if (book.missing().length > 0 || book.problems.length > 0 || book.disorders().length > 0) {
    for (const node of nodes) t.diagnostic(`${node.name}: ${node.server.log().slice(-3_000)}`);
  }

  assert.deepEqual(book.missing().slice(0, 20), [], 'acknowledged but not delivered');
  assert.deepEqual(book.problems.slice(0, 20), []);
  // What was refused may have been on its way all the same, and arrive late; nobody counts on it.
  const broken = book.disorders().filter((one) => one.acknowledged);
  assert.deepEqual(broken.slice(0, 20), [], 'the order of a user is broken');
  assert.deepEqual(
    senders.flatMap((sender) => sender.oddAnswers),
    [],
  );
  assert.deepEqual((await doubledInEvents(log)).slice(0, 20), [], 'twice in the log events');
  const unexcused = book.repeats.filter(
    ({ beforeDeathMs }) => beforeDeathMs === undefined || beforeDeathMs > repeatableMs,
  );
  assert.deepEqual(unexcused.slice(0, 20), [], 'repeated though the cursor had passed');
}

function shuffled<T>(items: readonly T[], dice: Random): readonly T[] {
  return items
    .map((item) => ({ item, place: dice.next() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** Waits until everything acknowledged has arrived, or nothing comes any more: how much there is depends on the machine. */
async function arrivalOf(book: Ledger): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  let since = performance.now();
  while (performance.now() - since < stalledMs) {
    const { length } = book.missing();
    if (length === 0) return;
    if (length < least) since = performance.now();
    least = Math.min(least, length);
    await sleep(200);
  }
}
