import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { assertDelivery, valuesAt } from '../e2e/assert-delivery.ts';
import { expectedCalls, sixCalls } from '../e2e/six-calls.ts';
import {
  batchOf,
  deliver,
  eventsOf,
  lostNothing,
  standFor,
  start,
  steps,
  within,
} from './delivered.ts';
import type { Sdk } from './sdk.ts';

export async function sixCallsArrive(t: TestContext, sdk: Sdk): Promise<void> {
  const stand = await standFor(t, sdk);
  const messages = Object.entries(sixCalls).map(([type, call]) => ({ type, ...call }));
  await lostNothing(start(sdk, stand, { messages, close: 'at once' }));
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
  assert.equal(stand.front.posts.length, sdk.sendsFirstAlone ? 2 : 1, 'requests');
}

/** A call without what the SDK has no place for. */
function carriedBy(sdk: Sdk, call: (typeof expectedCalls)[number]): object {
  const lacking = sdk.lacks?.[call.type] ?? [];
  return JSON.parse(JSON.stringify(call), (field, value) =>
    lacking.includes(field) || (value === null && sdk.dropsNulls === true) ? undefined : value,
  );
}

export async function batchesArrive(t: TestContext, sdk: Sdk): Promise<void> {
  const stand = await standFor(t, sdk);
  const messages = steps(250);
  const close = sdk.closesInHaste ? 'when sent' : 'at once';
  const taken = await deliver(sdk, stand, { messages, flushAt: 100, gzip: true, close });
  if (sdk.ordered) assert.deepEqual(valuesAt(taken, 'event'), eventsOf(messages));
  const sizes = stand.front.posts.map(batchOf).map(({ length }) => length);
  assert(sizes.length > (sdk.batchesRoughly ? 1 : 2), String(sizes));
  assert(Math.max(...sizes) <= (sdk.batchesRoughly ? 200 : 100), String(sizes));
}
