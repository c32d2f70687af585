import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshStores } from '../storage/testing/fresh-stores.ts';
import { withLease } from './with-lease.ts';

test('what runs under a lease has it, and gives it back also when it fails', async () => {
  const store = await freshStores().openWork();
  const { leases } = store;
  const epoch = await withLease(leases, 'a', async (lease) => {
    assert.equal(lease.holds(), true);
    return lease.epoch;
  });
  let lost: AbortSignal | undefined;
  const failing = withLease(leases, 'a', async (lease) => {
    lost = lease.lost;
    assert.ok(lease.epoch > Number(epoch));
    throw new TypeError('a failure of the work');
  });
  await assert.rejects(failing, TypeError);
  assert.equal(lost?.aborted, true);
  await store.close();
});

test('while another owner has the lease nothing runs', async () => {
  const nobody = {
    tryTake: async () => undefined,
    take: () => assert.fail('nobody waits for it'),
  };
  assert.equal(await withLease(nobody, 'a', () => assert.fail('it ran')), undefined);
});
