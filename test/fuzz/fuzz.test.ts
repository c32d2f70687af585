import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { addWebhook } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import { readMetrics, type Sample, sumOf } from '../rig/metrics.ts';
import { seedFrom } from '../rig/random.ts';
import { type Receiver, startReceiver } from '../rig/receiver.ts';
import { type Server, startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';
import { DeliveredBook } from './delivered-book.ts';
import { drawCase, type FuzzCase } from './fuzz-case.ts';
import { caseOf, lanes, markOf, parseMark } from './mark.ts';
import { minimise, printed } from './minimise.ts';
import { type CaseResult, runCase } from './run-case.ts';

/** The full share, 100,000, is sent by `npm run soak`. */
const wanted = Number(process.env['FUZZ_REQUESTS'] ?? 5_000);
const seed = seedFrom('TRIBUTARY_FUZZ_SEED');
/** Failing cases that are looked at more closely. */
const mostFailures = 5;
/** A number that no case has. */
const lastCase = 10_000_000;

interface Stand {
  readonly server: Server;
  readonly receiver: Receiver;
  readonly book: DeliveredBook;
}

/** What all cases came to. */
interface Tally {
  requests: number;
  accepted: number;
  refused: number;
  unsure: number;
  readonly statuses: Map<number, number>;
  readonly failures: { readonly one: FuzzCase; readonly problem: string }[];
}

test(`${wanted} requests mutated from those of real SDKs: no 5xx, no crash, no pollution; what is acknowledged arrives, what is refused does not (TRIBUTARY_FUZZ_SEED=${seed})`, {
  timeout: 180_000 + wanted * 20,
}, async (t) => {
  const stand = await startStand(t);
  const { server, book } = stand;
  const before = await processes(server);
  const tally = await sendAll(server, book);
  t.diagnostic(`statuses ${[...tally.statuses].sort(([a], [b]) => a - b).join(' ')}`);
  await drained(stand);
  const { expected, arrived } = book.counts();
  t.diagnostic(`${tally.requests} requests, ${expected} events must arrive, ${arrived} did`);

  for (const problem of book.problems().slice(0, mostFailures)) {
    const mark = parseMark(problem.split(' ')[0]);
    const number = mark && caseOf(mark);
    if (number === undefined || number === lastCase) assert.fail(problem);
    tally.failures.push({ one: drawCase(seed, number), problem });
  }
  const failed = tally.failures.slice(0, mostFailures);
  const reports: string[] = [];
  for (const { one, problem } of failed) reports.push(await report(stand, one, problem));
  assert.deepEqual(await processes(server), before, 'a process died');
  assert.equal((await fetch(`${server.url}/health`)).status, 200);
  assert.doesNotMatch(server.log(), /POLLUTED/);
  assert.equal(tally.failures.length, 0, reports.join('\n\n'));
  // The last event is one more.
  assertCounts(await readMetrics(server), { ...tally, accepted: tally.accepted + 1 });
});

async function startStand(t: TestContext): Promise<Stand> {
  const folder = await tempFolder('fuzz');
  const receiver = await startReceiver();
  const watch = new URL('watch-prototypes.ts', import.meta.url);
  const server = await startServer({
    folder: folder.path,
    env: {
      TRIBUTARY_RATE_LIMIT: '0',
      TRIBUTARY_LOG_LEVEL: 'warn',
      NODE_OPTIONS: `--import=${watch.href}`,
    },
  });
  t.after(async () => {
    await server.kill();
    await receiver.close();
    await folder.remove();
  });
  await addWebhook(server, [receiver.url]);
  const book = new DeliveredBook();
  receiver.recording = false;
  receiver.onTaken = (delivery) => book.arrived(delivery);
  return { server, receiver, book };
}

/** Each lane sends its cases one after the other. */
async function sendAll(server: Server, book: DeliveredBook): Promise<Tally> {
  const tally: Tally = {
    ...{ requests: 0, accepted: 0, refused: 0, unsure: 0 },
    statuses: new Map(),
    failures: [],
  };
  const lane = async (first: number) => {
    for (let number = first; tally.requests < wanted; number += lanes) {
      if (tally.failures.length >= mostFailures) return;
      const one = drawCase(seed, number);
      tally.requests += one.requests.length;
      const result = await runCase(server.port, one);
      note(tally, result, one);
      for (const event of result.events) book.expect(event);
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, first) => lane(first)));
  return tally;
}

function note(tally: Tally, result: CaseResult, one: FuzzCase): void {
  tally.accepted += result.accepted;
  tally.refused += result.refused;
  tally.unsure += result.unsure;
  for (const status of result.statuses) {
    tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
  }
  if (result.problem !== undefined) tally.failures.push({ one, problem: result.problem });
}

/**
 * Waits until nothing is under way any more; what has not come then, does not come. The last event of the
 * log shows that all others are processed.
 */
async function drained({ server, book }: Stand): Promise<void> {
  const mark = markOf(lastCase, 0);
  const answer = await track(server, '/v1/track', { userId: 'last', event: 'Last', mark });
  assert.equal(answer.status, 200);
  book.expect({ mark, fate: 'must', messageId: undefined });
  await eventually(
    'the last event is delivered, and all others',
    async () => {
      if (!book.has(mark)) return false;
      const samples = await readMetrics(server);
      const left = sumOf(samples, 'tributary_deliver_lag_events');
      return left === 0 && sumOf(samples, 'tributary_deliver_parked') === 0;
    },
    { within: 30_000 + wanted * 5, every: 100 },
  );
}

/** Accepted and refused together are what was sent and understood. */
function assertCounts(samples: readonly Sample[], { accepted, refused, unsure }: Tally): void {
  const counted = {
    accepted: sumOf(samples, 'tributary_ingest_events_accepted_total'),
    refused: sumOf(samples, 'tributary_ingest_events_refused_total'),
  };
  for (const [name, sure] of [
    ['accepted', accepted],
    ['refused', refused],
  ] as const) {
    const value = counted[name];
    const fits = value >= sure && value <= sure + unsure;
    assert.ok(fits, `${value} events counted as ${name}, sent ${sure} and ${unsure} unsure`);
  }
  const all = counted.accepted + counted.refused;
  assert.ok(all <= accepted + refused + unsure, `${all} counted, more than were sent`);
}

/** The processes of the server by what they are. */
async function processes(server: Server): Promise<Record<string, number>> {
  const roles = ['ingest', 'worker', 'control'];
  const find = () =>
    server
      .tree()
      .map(({ pid, command }): [string, number] => [command.split(' ').slice(0, 2).join(' '), pid]);
  return eventually('all processes run', () => {
    const found = find();
    const all = roles.every((role) => found.some(([command]) => command === `tributary ${role}`));
    return all && Object.fromEntries(found);
  });
}

let attempts = 0;

/** The failing case, made as small as it gets. */
async function report(stand: Stand, one: FuzzCase, problem: string): Promise<string> {
  const again = async (candidate: FuzzCase) => {
    const result = await runCase(stand.server.port, candidate, ++attempts);
    if (result.problem !== undefined) return result.problem;
    const own = new DeliveredBook();
    for (const event of result.events) own.expect(event);
    const marks = result.events.flatMap(({ mark, fate }) =>
      mark !== undefined ? [[mark, fate] as const] : [],
    );
    const wanting = () => marks.find(([mark, fate]) => fate === 'must' && !stand.book.has(mark));
    for (let wait = 0; wait < 30 && wanting() !== undefined; wait++) await sleep(50);
    const lost = wanting();
    if (lost !== undefined) return `${lost[0]} was acknowledged and did not arrive`;
    const wrong = marks.find(([mark, fate]) => fate === 'never' && stand.book.has(mark));
    return wrong && `${wrong[0]} was refused and arrived`;
  };
  const least = await minimise(one, again);
  const about = `seed ${seed}, case ${one.number}: ${problem}`;
  if (least === undefined)
    return `${about}\nnot when it is sent again; the case:\n${printed(one, 400)}`;
  return `${about}\nleast case: ${least.problem}\n${printed(least.least)}`;
}
