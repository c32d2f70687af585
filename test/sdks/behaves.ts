import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { assertDelivery, valuesAt } from '../e2e/assert-delivery.ts';
import { expectedCalls, sixCalls } from '../e2e/six-calls.ts';
import { api, firstSource, valueAt } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import type { Delivery } from '../rig/receiver.ts';
import { testWriteKey } from '../rig/server.ts';
import type { Driver, Job } from './driver.ts';
import type { Exchange } from './front.ts';
import type { Sdk, Wait } from './sdk.ts';
import { type SdkStand, startSdkStand } from './sdk-stand.ts';

/** Long enough for the slowest back-off of an SDK. */
const within = 90_000;
/** Seconds that an SDK which heeds Retry-After would not have waited by then. */
const tooLong = 300;

/** The tests that every SDK passes which runs unmodified: against a real server, with its facts. */
export function behavesAsPublished(sdk: Sdk): void {
  const rule = (name: string, run: (t: TestContext) => Promise<void>) =>
    test(`${sdk.name}: ${name}`, { skip: sdk.skip }, run);
  // Each has a server of its own, and waits most of its time.
  describe(sdk.name, { concurrency: 3 }, () => {
    rule(
      'the six calls, closed right after the last, arrive once, in order, with their fields',
      (t) => sixCallsArrive(t, sdk),
    );
    rule('250 calls are sent in batches of 100, and arrive once', (t) => batchesArrive(t, sdk));
    rule(
      'above the rate limit of its source it is told 429, comes back, and nothing is lost',
      (t) => rateLimitIsSurvived(t, sdk),
    );
    rule('while the disk is full it is told 503, comes back, and nothing is lost', (t) =>
      fullDiskIsSurvived(t, sdk),
    );
    rule(`after a 429 it comes back after ${sdk.after429}`, (t) => waits(t, sdk, 429));
    rule(
      `after a 503 it comes back after ${sdk.after503}; what the server had taken is delivered once`,
      (t) => waits(t, sdk, 503),
    );
    rule(
      `closed while calls wait for a retry, it ${sdk.whenClosed}`,
      (t) => closesWhileWaiting(t, sdk),
    );
  });
}

async function sixCallsArrive(t: TestContext, sdk: Sdk): Promise<void> {
  const stand = await startStand(t, sdk);
  const messages = Object.entries(sixCalls).map(([type, call]) => ({ type, ...call }));
  await send(sdk, stand, { messages, close: 'at once' });
  const taken = await stand.receiver.waitFor('six deliveries', (all) => all.length >= 6, within);
  assert.deepEqual(
    valuesAt(taken, 'type'),
    expectedCalls.map(({ type }) => type),
  );
  for (const [index, call] of expectedCalls.entries()) {
    const library = { name: sdk.library };
    assertDelivery(taken[index], { ...carriedBy(sdk, call), context: { library } });
  }
  assert.equal(new Set(valuesAt(taken, 'messageId')).size, 6);
  assert.deepEqual(valuesAt(taken, 'context.ip'), Array(6).fill(undefined), 'no ip of a server');
  assert.equal(stand.front.posts.length, 1, 'one request');
}

/** A call without what the SDK has no place for. */
function carriedBy(sdk: Sdk, call: (typeof expectedCalls)[number]): object {
  const lacking = sdk.lacks?.[call.type] ?? [];
  return JSON.parse(JSON.stringify(call), (field, value) =>
    lacking.includes(field) || (value === null && sdk.dropsNulls === true) ? undefined : value,
  );
}

async function batchesArrive(t: TestContext, sdk: Sdk): Promise<void> {
  const stand = await startStand(t, sdk);
  const messages = steps(250);
  await send(sdk, stand, { messages, flushAt: 100, gzip: true, close: 'at once' });
  const taken = await arrived(stand, messages);
  if (sdk.ordered) assert.deepEqual(valuesAt(taken, 'event'), names(messages));
  const sizes = stand.front.posts.map(batchOf).map(({ length }) => length);
  assert.equal(Math.max(...sizes), 100, String(sizes));
}

async function rateLimitIsSurvived(t: TestContext, sdk: Sdk): Promise<void> {
  const stand = await startStand(t, sdk);
  const path = `/sources/${await firstSource(stand.server)}/limits`;
  await api(stand.server, 'PATCH', path, { requestsPerSecond: 1 });
  const limited = async () => {
    const answer = await fetch(`${stand.server.url}/v1/track`, { method: 'POST', body: probe });
    return answer.headers.get('x-ratelimit-limit') === '1';
  };
  await eventually('the limit holds', limited);
  const messages = steps(2);
  await send(sdk, stand, { messages, flushAt: 1, close: 'when sent' });
  await arrived(stand, messages);
  const refused = stand.front.posts.filter(({ status }) => status === 429);
  assert(refused.length >= 1, 'it met the limit');
  for (const { retryAfter } of refused) assert.match(String(retryAfter), /^[12]$/);
}

/** Spends the second's request, and is no event. */
const probe = JSON.stringify({ writeKey: testWriteKey });

async function fullDiskIsSurvived(t: TestContext, sdk: Sdk): Promise<void> {
  const stand = await startStand(t, sdk, true);
  const { disk, front, server } = stand;
  if (disk === undefined) {
    t.skip('needs root and loop devices: no file system can be mounted here');
    return;
  }
  disk.fillTo(48);
  await eventually(
    'the server refuses',
    async () => (await fetch(`${server.url}/health`)).status === 503,
    { within: 20_000 },
  );
  const messages = steps(3);
  const driver = start(sdk, stand, { messages, close: 'when sent' });
  const refused = () => front.posts.some(({ status }) => status === 503);
  await meanwhile(driver, eventually('it is refused', refused, { within }));
  assert.match(String(front.posts[0]?.retryAfter), /^\d+$/);
  disk.free();
  await meanwhile(driver, arrived(stand, messages));
  await assertNothingLost(driver);
}

async function waits(t: TestContext, sdk: Sdk, status: 429 | 503): Promise<void> {
  const stand = await startStand(t, sdk);
  const wait: Wait = status === 429 ? sdk.after429 : sdk.after503;
  const retryAfter = wait === 'Retry-After' ? 2 : tooLong;
  // The 503 is that of a proxy which lost the answer: the server has taken the calls.
  stand.front.refusals.push({ status, retryAfter, passOn: status === 503 });
  const messages = steps(3);
  await send(sdk, stand, { messages, close: 'when sent' });
  await arrived(stand, messages);
  const [first, second, ...more] = stand.front.posts;
  assert(first && second);
  assert.deepEqual([first.status, second.status, more.length], [status, 200, 0]);
  assert.deepEqual(idsOf(second), idsOf(first), 'the repeat carries the same messageIds');
  assert.equal(first.headers['x-retry-count'] ?? '0', '0');
  assert.equal(second.headers['x-retry-count'], sdk.countsRetries ? '1' : undefined);
  const waited = second.came - first.left;
  if (wait === 'Retry-After') assert(waited >= 1_900, `it came back after ${waited} ms`);
  else assert(waited < tooLong * 1_000);
}

async function closesWhileWaiting(t: TestContext, sdk: Sdk): Promise<void> {
  const stand = await startStand(t, sdk);
  stand.front.refusals.push({ status: 503, retryAfter: 1 });
  const messages = steps(3);
  const driver = start(sdk, stand, { messages, close: 'at once' });
  if (sdk.whenClosed === 'sends them') {
    await meanwhile(driver, arrived(stand, messages));
    await assertNothingLost(driver);
    return;
  }
  const { code, failed, output } = await driver.ended;
  const told = sdk.whenClosed === 'drops and reports them' ? 3 : 0;
  assert.deepEqual({ code, failed }, { code: 0, failed: told }, output);
  assert.deepEqual(
    stand.front.posts.map(({ status }) => status),
    [503],
  );
}

function startStand(t: TestContext, sdk: Sdk, ownDisk = false): Promise<SdkStand> {
  return startSdkStand(t, { https: sdk.https ?? false, ownDisk });
}

function start(
  sdk: Sdk,
  stand: SdkStand,
  job: Partial<Job> & Pick<Job, 'messages' | 'close'>,
): Driver {
  const defaults = { url: stand.front.url, writeKey: testWriteKey, flushAt: 100, gzip: false };
  return sdk.start({ ...defaults, ...job }, stand);
}

/** Runs a driver to its end; it must have lost nothing. */
async function send(...args: Parameters<typeof start>): Promise<void> {
  await assertNothingLost(start(...args));
}

/** Waits for `done`; a driver that fails meanwhile ends the wait. */
async function meanwhile(driver: Driver, done: Promise<unknown>): Promise<void> {
  const failed = driver.ended.then(({ code, output }) => {
    assert.equal(code, 0, output);
    return done;
  });
  await Promise.race([done, failed]);
}

async function assertNothingLost(driver: Driver): Promise<void> {
  const { code, failed, output } = await driver.ended;
  assert.deepEqual({ code, failed }, { code: 0, failed: 0 }, output);
}

function steps(count: number): { type: string; userId: string; event: string }[] {
  return Array.from({ length: count }, (_, index) => ({
    type: 'track',
    userId: 'user-1',
    event: `Step ${index}`,
  }));
}

const names = (messages: readonly { event: string }[]) => messages.map(({ event }) => event);

/** Waits until all are delivered, and holds that each was delivered once. */
async function arrived(
  { receiver, server }: SdkStand,
  messages: readonly { event: string }[],
): Promise<readonly Delivery[]> {
  const what = `${messages.length} deliveries`;
  await receiver.waitFor(what, (all) => all.length >= messages.length, within);
  // What was sent twice would have come by the time that a later event is there.
  const last = { writeKey: testWriteKey, userId: 'user-1', event: 'Last' };
  await eventually('the last is taken', async () => {
    const answer = await fetch(`${server.url}/v1/track`, {
      method: 'POST',
      body: JSON.stringify(last),
    });
    return answer.status === 200;
  });
  await receiver.waitFor('the last', (all) => all.some(({ event }) => event['event'] === 'Last'));
  const taken = receiver.taken.filter(({ event }) => event['event'] !== 'Last');
  assert.deepEqual(valuesAt(taken, 'event').sort(), names(messages).sort());
  return taken;
}

function batchOf({ body }: Exchange): readonly unknown[] {
  const batch = body['batch'];
  assert(Array.isArray(batch));
  return batch;
}

function idsOf(exchange: Exchange): unknown[] {
  return batchOf(exchange).map((item) => valueAt(item, 'messageId'));
}
