import assert from 'node:assert/strict';
import type { Kysely } from 'kysely';
import type { ControlTables } from '../tables/control-tables.ts';
import { addSource, addWorkspace, onControl, type StateCases, token } from './state-case.ts';

const writers = 20;

/** What every writing transaction of control begins with. */
async function nextRevision(db: Kysely<ControlTables>): Promise<number> {
  await db
    .updateTable('workspace')
    .set((row) => ({ revision: row('revision', '+', 1) }))
    .execute();
  const row = await db.selectFrom('workspace').select('revision').executeTakeFirstOrThrow();
  return row.revision;
}

/** What concurrent writers can do to each other, and cannot. */
export const transactionCases: StateCases = {
  'a transaction is whole or absent': onControl(async (store) => {
    await addWorkspace(store);
    const failed = store.db.transaction().execute(async (db) => {
      await nextRevision(db);
      await db.insertInto('token').values(token('t', 'h')).execute();
      assert.fail('changed my mind');
    });
    await assert.rejects(failed, /changed my mind/);
    const { db } = store;
    assert.deepEqual(await db.selectFrom('token').selectAll().execute(), []);
    assert.equal(await nextRevision(db), 1);
  }),

  'the store goes on after a statement that fails': onControl(async (store) => {
    await addWorkspace(store);
    await assert.rejects(addWorkspace(store));
    const failed = store.db.transaction().execute(async (db) => {
      await db
        .insertInto('token')
        .values({ ...token('t', 'h'), workspace_id: 'none' })
        .execute();
    });
    await assert.rejects(failed);
    await addSource(store, '1');
  }),

  'writers at the same time lose no update: each has a revision of its own': onControl(
    async (store) => {
      await addWorkspace(store);
      const revisions = await Promise.all(
        Array.from({ length: writers }, () => store.db.transaction().execute(nextRevision)),
      );
      const expected = Array.from({ length: writers }, (_, index) => index + 1);
      assert.deepEqual(
        revisions.toSorted((a, b) => a - b),
        expected,
      );
    },
  ),

  'what a writer reads after its revision is all that earlier ones wrote': onControl(
    async (store) => {
      await addWorkspace(store);
      const seen = await Promise.all(
        Array.from({ length: writers }, () =>
          store.db.transaction().execute(async (db) => {
            const revision = await nextRevision(db);
            await db
              .insertInto('token')
              .values(token(`t${revision}`, `h${revision}`))
              .execute();
            const rows = await db.selectFrom('token').select('id').execute();
            return rows.length - revision;
          }),
        ),
      );
      assert.deepEqual(new Set(seen), new Set([0]));
    },
  ),

  'of writers with the same hash of a token one succeeds': onControl(async (store) => {
    await addWorkspace(store);
    const writes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        store.db.transaction().execute(async (db) => {
          await db
            .insertInto('token')
            .values(token(`t${index}`, 'same'))
            .execute();
        }),
      ),
    );
    assert.equal(writes.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal((await store.db.selectFrom('token').selectAll().execute()).length, 1);
  }),

  'what belongs to a source goes with it, and nothing belongs to none': onControl(async (store) => {
    await addWorkspace(store);
    await addSource(store, '1');
    await addSource(store, '2');
    const { db } = store;
    await db.deleteFrom('source').where('id', '=', 's1').execute();
    assert.deepEqual(await db.selectFrom('write_key').select('write_key').execute(), [
      { write_key: 'k2' },
    ]);
    assert.deepEqual(await db.selectFrom('destination').select('id').execute(), [{ id: 'd2' }]);
    const orphan = { write_key: 'k3', source_id: 's3', position: 1, created_at: 1 };
    await assert.rejects(db.insertInto('write_key').values(orphan).execute());
  }),

  'repeatable reads see one moment, whatever is committed meanwhile': onControl(async (store) => {
    await addWorkspace(store);
    await store.db.insertInto('token').values(token('t', 'h')).execute();
    const reader = store.db.transaction().setIsolationLevel('repeatable read');
    let writing = Promise.resolve();
    const seen = await reader.execute(async (moment) => {
      const before = await moment.selectFrom('workspace').select('revision').executeTakeFirst();
      writing = store.db.transaction().execute(async (db) => {
        await nextRevision(db);
        await db.deleteFrom('token').execute();
      });
      // Where writers need not wait for readers, it is committed by now.
      for (let turn = 0; turn < 100; turn += 1)
        await new Promise((resolve) => setImmediate(resolve));
      const tokens = await moment.selectFrom('token').select('id').execute();
      const after = await moment.selectFrom('workspace').select('revision').executeTakeFirst();
      return [before?.revision, tokens.length, after?.revision];
    });
    await writing;
    assert.deepEqual(seen, [0, 1, 0]);
  }),
};
