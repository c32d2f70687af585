import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../core/logger.ts';
import { ManualClock } from '../core/testing/manual-clock.ts';
import { freshStores } from '../storage/testing/fresh-stores.ts';
import { RegularLook } from './regular-look.ts';

test('it is looked after each interval, under the lease, also after a failure, until it is closed', async () => {
  const clock = new ManualClock();
  const store = await freshStores().openControl();
  let looks = 0;
  const looking = new RegularLook({
    ...{ environment: { clock, logger: silentLogger }, leases: store.leases },
    ...{ lease: 'looks', everyMs: 1_000, failure: 'it failed' },
    look: async (lease, signal) => {
      assert.deepEqual([lease.name, lease.holds(), signal.aborted], ['looks', true, false]);
      looks += 1;
      if (looks === 1) throw new TypeError('once');
    },
  });
  await clock.advanceSettling(999);
  assert.equal(looks, 0);
  await clock.advanceSettling(1);
  await clock.advanceSettling(1_000);
  assert.equal(looks, 2);
  await looking.close();
  await clock.advanceSettling(5_000);
  assert.equal(looks, 2);
  await store.close();
});
