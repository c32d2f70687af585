import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { valuesAt } from '../e2e/assert-delivery.ts';
import { valueAt } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import type { Delivery } from '../rig/receiver.ts';
import type { Driver, Job } from './driver.ts';
import type { Exchange } from './front.ts';
import type { Sdk } from './sdk.ts';
import { type SdkStand, startSdkStand } from './sdk-stand.ts';

/** Milliseconds: long enough for the slowest back-off of an SDK. */
export const within = 90_000;

export function standFor(t: TestContext, sdk: Sdk, ownDisk = false): Promise<SdkStand> {
  const writeKey = sdk.ownWriteKey && `key-${process.pid}-${performance.now().toFixed(3)}`;
  return startSdkStand(t, {
    ownDisk,
    ...(sdk.https && { https: true }),
    ...(writeKey && { writeKey }),
  });
}

type JobOfTest = Partial<Job> & Pick<Job, 'messages' | 'close'>;

/** Starts the driver of an SDK, pointed at the front. */
export function start(sdk: Sdk, stand: SdkStand, job: JobOfTest): Driver {
  const { front, writeKey } = stand;
  return sdk.start({ url: front.url, writeKey, flushAt: 100, gzip: false, ...job }, stand);
}

/** Calls that tell each other apart by their event. */
export type Step = { readonly type: string; readonly userId: string; readonly event: string };

export function steps(count: number): readonly Step[] {
  return Array.from({ length: count }, (_, index) => ({
    type: 'track',
    userId: 'user-1',
    event: `Step ${index}`,
  }));
}

export const eventsOf = (messages: readonly Step[]) => messages.map(({ event }) => event);

/** Has an SDK make `messages`: each is delivered once, and it has reported none as lost. */
export async function deliver(
  sdk: Sdk,
  stand: SdkStand,
  job: JobOfTest & { readonly messages: readonly Step[] },
): Promise<readonly Delivery[]> {
  return delivered(start(sdk, stand, job), stand, job.messages);
}

/** The same for a driver at work. */
export async function delivered(
  driver: Driver,
  stand: SdkStand,
  messages: readonly Step[],
): Promise<readonly Delivery[]> {
  const taken = await meanwhile(driver, arrived(stand, messages));
  await lostNothing(driver);
  return taken;
}

export async function lostNothing(driver: Driver): Promise<void> {
  const { code, failed, output } = await driver.end();
  assert.deepEqual({ code, failed }, { code: 0, failed: 0 }, output);
}

/** Waits for `done`; a driver that fails meanwhile ends the wait. */
export async function meanwhile<T>(driver: Driver, done: Promise<T>): Promise<T> {
  const alive = driver.ended.then(({ code, output }) => {
    assert.equal(code, 0, output);
    return done;
  });
  return Promise.race([done, alive]);
}

/** Waits until all are delivered, and holds that each was delivered once. */
async function arrived(
  { receiver, server, writeKey }: SdkStand,
  messages: readonly Step[],
): Promise<readonly Delivery[]> {
  const what = `${messages.length} deliveries`;
  await receiver.waitFor(what, (all) => all.length >= messages.length, within);
  // What was sent twice would have come by the time that a later event is there.
  const body = JSON.stringify({ writeKey, userId: 'user-1', event: 'Last' });
  await eventually('the last is taken', async () => {
    const answer = await fetch(`${server.url}/v1/track`, { method: 'POST', body });
    return answer.status === 200;
  });
  await receiver.waitFor('the last', (all) => all.some(isLast));
  const taken = receiver.taken.filter((delivery) => !isLast(delivery));
  assert.deepEqual(valuesAt(taken, 'event').sort(), eventsOf(messages).toSorted());
  return taken;
}

const isLast = ({ event }: Delivery) => event['event'] === 'Last';

export function batchOf({ body }: Exchange): readonly unknown[] {
  const batch = body['batch'];
  assert(Array.isArray(batch));
  return batch;
}

export function idsOf(exchange: Exchange): unknown[] {
  return batchOf(exchange).map((item) => valueAt(item, 'messageId'));
}

export const statusesOf = (posts: readonly Exchange[]) => posts.map(({ status }) => status);
