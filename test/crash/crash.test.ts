import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { addWebhook } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import { freePort } from '../rig/free-port.ts';
import { type Random, random, seedFrom } from '../rig/random.ts';
import { type Receiver, startReceiver } from '../rig/receiver.ts';
import { type Server, startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';
import { killAtRandom } from './killer.ts';
import { type Ledger, ledger } from './ledger.ts';
import { person } from './person.ts';
import { startSender } from './sender.ts';

const trees = Number(process.env['CRASH_KILLS'] ?? 20);
const seed = seedFrom('CRASH_SEED');

/** Nothing arrives for longer than the probes of an open circuit are apart: delivery has stopped. */
const stalledMs = 45_000;

/** Cursors are committed every 100 ms; a stalled machine may stretch that. */
const repeatableMs = 1_000;

test(`killed ${trees} times under load, everything acknowledged arrives, in order, once but for the last moments before a kill (CRASH_SEED=${seed})`, {
  timeout: 120_000 + trees * 15_000,
}, async (t) => {
  const dice = random(seed);
  const folder = await tempFolder('crash');
  const receiver = await startReceiver();
  const book = ledger();
  receiver.recording = false;
  receiver.onTaken = book.arrived;
  const options = {
    folder: folder.path,
    port: await freePort(),
    env: { TRIBUTARY_RATE_LIMIT: '0', TRIBUTARY_LOG_LEVEL: 'warn' },
  };
  const plan = { trees, options, dice, book, receiver, server: await startServer(options) };
  t.after(async () => {
    await plan.server.kill();
    await receiver.close();
    await folder.remove();
  });
  await addWebhook(plan.server, [receiver.url]);

  const senders = Array.from({ length: 16 }, (_, index) =>
    startSender(`s${index}`, options, book, random(dice.between(1, 2 ** 30))),
  );
  t.after(() => Promise.all(senders.map((sender) => sender.stop())));
  const failing = failNowAndThen(receiver, random(dice.between(1, 2 ** 30)));
  t.after(failing.stop);
  await killAtRandom(plan);
  await sleep(500);
  await Promise.all(senders.map((sender) => sender.stop()));
  await failing.stop();
  const waited = performance.now();
  await arrivalOf(book);
  t.diagnostic(`drained in ${Math.round(performance.now() - waited)} ms`);
  report(t.diagnostic.bind(t), book);
  if (book.missing().length > 0) t.diagnostic(await stateOf(plan.server));

  assert.deepEqual(book.missing().slice(0, 20), [], 'acknowledged but not delivered');
  assert.deepEqual(book.problems.slice(0, 20), []);
  assert.deepEqual(book.disorders().slice(0, 20), [], 'the order of a user is broken');
  assert.deepEqual(
    senders.flatMap((sender) => sender.oddAnswers),
    [],
  );
  const unexcused = book.repeats.filter(
    ({ beforeDeathMs }) => beforeDeathMs === undefined || beforeDeathMs > repeatableMs,
  );
  assert.deepEqual(unexcused.slice(0, 20), [], 'repeated though the cursor had passed');

  const repeatsBefore = book.repeats.length;
  await plan.server.stop();
  plan.server = await startServer(options);
  const last = person('last', dice).next();
  assert(last);
  book.sent(last);
  assert.equal((await track(plan.server, `/v1/${last.event['type']}`, last.event)).status, 200);
  book.acknowledged(last);
  await eventually('one more arrives', () => book.missing().length === 0);
  assert.equal(book.repeats.length, repeatsBefore, 'a graceful restart repeats nothing');
});

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

/** What the server says of itself, for a failure that may never come again. */
async function stateOf({ url, tree, log }: Server): Promise<string> {
  const health = await fetch(`${url}/health`, { signal: AbortSignal.timeout(5_000) }).then(
    (answer) => answer.text(),
    (problem) => String(problem),
  );
  const processes = tree().map(({ pid, command }) => `${pid} ${command}`);
  return [health, ...processes, log().slice(-4_000)].join('\n');
}

/** The destination answers 503 for moments, fails single requests, and now and then hangs up. */
function failNowAndThen(receiver: Receiver, dice: Random): { stop(): Promise<void> } {
  let stopped = false;
  const flaky = () => (dice.chance(0.01) ? dice.pick([500, 503, 429]) : 200);
  const run = async () => {
    while (!stopped) {
      receiver.answer = flaky;
      for (let pause = dice.between(2, 8); pause > 0 && !stopped; pause--) await sleep(500);
      receiver.answer = () => 503;
      await sleep(dice.between(100, 800));
    }
    receiver.answer = () => 200;
  };
  const running = run();
  return {
    stop: () => {
      stopped = true;
      return running;
    },
  };
}

function report(print: (line: string) => void, book: Ledger): void {
  const { sent, acknowledged, arrived } = book.counts();
  const trees = book.deaths.filter(({ what }) => what === 'the whole tree').length;
  const others = book.deaths.length - trees;
  const ages = book.repeats.map(({ beforeDeathMs }) => beforeDeathMs ?? Number.NaN);
  print(`sent ${sent}, acknowledged ${acknowledged}, arrived ${arrived}`);
  print(`killed: the whole tree ${trees} times, single processes ${others} times`);
  print(
    `repeated deliveries ${ages.length}, at most ${Math.round(Math.max(0, ...ages))} ms before a kill`,
  );
}
