/**
 * A node in a process of its own that holds one lease: `holder.ts <url> <leaseMs>`. It says what becomes of
 * the lease, and for each message it is sent whether it holds and what a write under it ends with; told to
 * `stall`, it says so from the middle of a write and never ends it.
 */
import assert from 'node:assert/strict';
import { assertHeld } from '../../src/core/lease.ts';
import { stateStores } from '../../src/storage/open-state.ts';

const [url = '', leaseMs] = process.argv.slice(2);
const say = (what: object) => process.send?.(what);
const store = await stateStores(url, { leaseMs: Number(leaseMs) }).openWork();
const lease = await store.leases.take('a');
lease.lost.addEventListener('abort', () => say({ said: 'lost' }));

process.on('message', (told) => {
  const holds = lease.holds();
  store.db
    .transaction()
    .execute(async (rows) => {
      await assertHeld(rows.$pickTables<'lease'>(), lease);
      if (told !== 'stall') return;
      say({ said: 'stalled' });
      await new Promise(() => undefined);
    })
    .then(
      () => say({ said: 'written', holds }),
      (error: unknown) => {
        assert(error instanceof Error && 'code' in error);
        say({ said: String(error.code), holds });
      },
    );
});
process.on('disconnect', () => process.exit());
say({ said: 'taken', epoch: lease.epoch });
