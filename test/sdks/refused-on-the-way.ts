import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { eventually } from '../rig/eventually.ts';
import {
  delivered,
  idsOf,
  meanwhile,
  standFor,
  start,
  statusesOf,
  steps,
  within,
} from './delivered.ts';
import type { Exchange } from './front.ts';
import type { Sdk } from './sdk.ts';
import type { SdkStand } from './sdk-stand.ts';

/** Seconds that an SDK which heeds Retry-After would not have waited by the end of the test. */
const tooLong = 300;

/**
 * One refusal by the proxy in front, then the server. The 503 is that of a proxy which lost the answer:
 * the server has taken the calls.
 */
export async function comesBack(
  t: TestContext,
  sdk: Sdk,
  status: 429 | 503,
  prepared?: SdkStand,
): Promise<void> {
  const stand = prepared ?? (await standFor(t, sdk));
  const { posts, refusals } = stand.front;
  const heeds = (status === 429 ? sdk.after429 : sdk.after503) === 'Retry-After';
  refusals.push({ status, retryAfter: heeds ? 2 : tooLong, passOn: status === 503 });
  const messages = steps(3);
  const driver = start(sdk, stand, { messages, close: 'when sent' });
  const isFirst = (post: Exchange) => post.status === status;
  const first = await meanwhile(
    driver,
    eventually('it is refused', () => posts.find(isFirst), { within }),
  );
  const repeats = (post: Exchange) => post !== first && idsOf(post)[0] === idsOf(first)[0];
  const second = await meanwhile(
    driver,
    eventually('it comes back', () => posts.find(repeats), { within }),
  );
  await delivered(driver, stand, messages);
  assert.deepEqual(idsOf(second), idsOf(first), 'the repeat carries the same messageIds');
  assert.deepEqual(statusesOf(posts).sort(), [...Array(posts.length - 1).fill(200), status]);
  assert.equal(first.headers['x-retry-count'] ?? '0', '0');
  assert.equal(second.headers['x-retry-count'], sdk.countsRetries ? '1' : undefined);
  const waited = second.came - first.left;
  assert(waited >= (heeds ? 1_900 : 0), `it came back after ${waited} ms`);
}

/** Told to close while the only request waits for its repeat. */
export async function closesWhileWaiting(t: TestContext, sdk: Sdk): Promise<void> {
  const stand = await standFor(t, sdk);
  const { posts, refusals } = stand.front;
  refusals.push({ status: 503, retryAfter: 1 });
  const messages = steps(3);
  const close = sdk.closesInHaste ? 'when told' : 'at once';
  const driver = start(sdk, stand, { messages, close });
  if (close === 'when told') {
    await meanwhile(
      driver,
      eventually('it is refused', () => posts.length > 0, { within, every: 1 }),
    );
    void driver.end();
  }
  if (sdk.whenClosed === 'sends them') {
    await delivered(driver, stand, messages);
    return;
  }
  const { code, failed, output } = await driver.ended;
  const told = sdk.whenClosed === 'drops and reports them' ? messages.length : 0;
  assert.deepEqual({ code, failed }, { code: 0, failed: told }, output);
  assert.deepEqual(statusesOf(posts), [503]);
}
