import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { api, firstSource } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import { delivered, meanwhile, standFor, start, steps, within } from './delivered.ts';
import type { Sdk } from './sdk.ts';

/** 429 by the limit of the source, which lets one request a second pass. */
export async function rateLimitIsSurvived(t: TestContext, sdk: Sdk): Promise<void> {
  const stand = await standFor(t, sdk);
  const { front, server, writeKey } = stand;
  const path = `/sources/${await firstSource(server)}/limits`;
  await api(server, 'PATCH', path, { requestsPerSecond: 1 });
  // Spends the second's request, and is no event.
  const probe = { method: 'POST', body: JSON.stringify({ writeKey }) };
  const limited = async () => {
    const answer = await fetch(`${server.url}/v1/track`, probe);
    return answer.headers.get('x-ratelimit-limit') === '1';
  };
  await eventually('the limit holds', limited);
  const messages = steps(2);
  const driver = start(sdk, stand, { messages, flushAt: 1, close: 'when sent' });
  const refusedOnes = () => front.posts.filter(({ status }) => status === 429);
  let isOver = false;
  void driver.ended.then(() => {
    isOver = true;
  });
  // Another client of the source takes what passes, until this one has met the limit.
  while (refusedOnes().length === 0 && !isOver) {
    await (await fetch(`${server.url}/v1/track`, probe)).text();
    await sleep(10);
  }
  await delivered(driver, stand, messages);
  const refused = refusedOnes();
  assert(refused.length >= 1, 'it met the limit');
  for (const { retryAfter } of refused) assert.match(String(retryAfter), /^[12]$/);
}

/** 503 by a disk on which only the reserve is free. */
export async function fullDiskIsSurvived(t: TestContext, sdk: Sdk): Promise<void> {
  const stand = await standFor(t, sdk, true);
  const { disk, front, server } = stand;
  if (disk === undefined) {
    t.skip('needs root and loop devices: no file system can be mounted here');
    return;
  }
  disk.fillTo(48);
  const full = async () => (await fetch(`${server.url}/health`)).status === 503;
  await eventually('the server refuses', full);
  const messages = steps(3);
  const driver = start(sdk, stand, { messages, close: 'when sent' });
  const refused = () => front.posts.find(({ status }) => status === 503);
  const { retryAfter } = await meanwhile(driver, eventually('it is refused', refused, { within }));
  assert.match(String(retryAfter), /^\d+$/);
  disk.free();
  await delivered(driver, stand, messages);
}
