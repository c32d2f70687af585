import assert from 'node:assert/strict';
import { valueAt } from '../rig/api.ts';
import { type Delivery, signatureOf } from '../rig/receiver.ts';
import { sharedSecret } from './stand.ts';

const stamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * What every delivery of a stock client must be: signed, JSON, stamped in UTC with milliseconds and
 * corrected for the client's clock, without the write key, and with the fields of `expected` in it.
 */
export function assertDelivery(delivery: Delivery | undefined, expected: object): void {
  assert(delivery, `nothing was delivered where ${JSON.stringify(expected)} was expected`);
  const { event, headers, text } = delivery;
  assert.equal(headers['x-signature'], signatureOf(text, sharedSecret));
  assert.match(String(headers['content-type']), /^application\/json/);
  assert.partialDeepStrictEqual(event, expected);
  assert.equal(event['writeKey'], undefined);
  assert.equal(event['version'], 2);
  for (const key of ['timestamp', 'originalTimestamp', 'receivedAt']) {
    assert.match(String(event[key]), stamp, key);
  }
  assertSkewCorrected(event);
}

/** timestamp = receivedAt − (sentAt − originalTimestamp), spec tracking-api §7.2. */
function assertSkewCorrected(event: Delivery['event']): void {
  const at = (key: string) => Date.parse(String(event[key]));
  assert.match(String(event['sentAt']), stamp);
  assert.equal(at('timestamp'), at('receivedAt') - (at('sentAt') - at('originalTimestamp')));
}

/** What the deliveries have at a dotted path, in the order of their arrival. */
export function valuesAt(deliveries: readonly Delivery[], path: string): unknown[] {
  return deliveries.map(({ event }) => valueAt(event, path));
}
