import assert from 'node:assert/strict';
import type { Kysely } from 'kysely';
import { assertHeld, type Lease } from '../lease.ts';
import type { WorkTables } from '../tables/work-tables.ts';
import { onControl, onWork, type StateCases } from './state-case.ts';

const lost = { code: 'lease_lost' };

function writeUnder(db: Kysely<WorkTables>, lease: Pick<Lease, 'name' | 'epoch'>): Promise<void> {
  return db.transaction().execute(async (rows) => {
    await assertHeld(rows.$pickTables<'lease'>(), lease);
    const row = { lane: `epoch ${lease.epoch}`, partition: 0, position: 0, stamp_input: 0 };
    await rows
      .insertInto('cursor')
      .values({ ...row, stamp_item: 0, open_ms: 0, updated_at: 0 })
      .execute();
  });
}

export const leaseCases: StateCases = {
  'a lease holds from when it is taken until it is released': onWork(async ({ leases }) => {
    const lease = await leases.take('a');
    assert.equal(lease.name, 'a');
    assert.equal(lease.holds(), true);
    assert.equal(lease.lost.aborted, false);
    await lease.release();
    assert.equal(lease.holds(), false);
    assert.equal(lease.lost.aborted, true);
    await lease.release();
  }),

  'the epoch of a lease grows with each owner, also over restarts; those of others do not': async (
    subject,
  ) => {
    const epochs: number[] = [];
    for (let life = 0; life < 3; life += 1) {
      await onWork(async ({ leases }) => {
        const lease = await leases.take('a');
        epochs.push(lease.epoch);
        await lease.release();
        const again = await leases.take('a');
        epochs.push(again.epoch);
      })(subject);
    }
    assert.deepEqual(epochs, [1, 2, 3, 4, 5, 6]);
    await onWork(async ({ leases }) => assert.equal((await leases.take('b')).epoch, 1))(subject);
    await onControl(async ({ leases }) => assert.equal((await leases.take('a')).epoch, 1))(subject);
  },

  'a write under a lease is refused, whole, once somebody has taken it since': onWork(
    async (store) => {
      const old = await store.leases.take('a');
      await writeUnder(store.db, old);
      await store.db.deleteFrom('cursor').execute();
      await old.release();
      await writeUnder(store.db, old);
      await store.db.deleteFrom('cursor').execute();
      const current = await store.leases.take('a');
      await assert.rejects(writeUnder(store.db, old), lost);
      await writeUnder(store.db, current);
      const rows = await store.db.selectFrom('cursor').select('lane').execute();
      assert.deepEqual(rows, [{ lane: `epoch ${current.epoch}` }]);
    },
  ),

  'a write under a lease that nobody ever took is refused': onWork(async (store) => {
    await assert.rejects(writeUnder(store.db, { name: 'a', epoch: 1 }), lost);
    assert.deepEqual(await store.db.selectFrom('cursor').selectAll().execute(), []);
  }),
};
