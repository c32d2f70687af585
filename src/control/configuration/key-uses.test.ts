import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../core/logger.ts';
import { freshStores } from '../../storage/testing/fresh-stores.ts';
import { KeyUses } from './key-uses.ts';

test('what comes while the store is busy is written together, once a key, the latest of it', async (t) => {
  const store = await freshStores().openControl();
  t.after(() => store.close());
  const { db } = store;
  const made = { position: 1, created_at: 1 };
  const workspace = { id: 'w', slug: 'w', name: 'W', revision: 0, created_at: 1 };
  await db.insertInto('workspace').values(workspace).execute();
  const source = { id: 's', workspace_id: 'w', slug: 's', name: 's', enabled: 1, metadata_id: 'm' };
  await db
    .insertInto('source')
    .values({ ...source, ...made, settings: '{}', limits: '{}' })
    .execute();
  for (const key of ['a', 'b']) {
    const row = { write_key: key, source_id: 's', ...made };
    await db.insertInto('write_key').values(row).execute();
  }
  let updates = 0;
  const counted = db.withPlugin({
    transformQuery: ({ node }) => {
      updates += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  const uses = new KeyUses(counted, silentLogger);
  for (let at = 1; at <= 100; at += 1) uses.take([[at % 2 === 0 ? 'a' : 'b', at]]);
  await uses.close();
  const rows = await db
    .selectFrom('write_key')
    .select(['write_key', 'last_used_at'])
    .orderBy('write_key')
    .execute();
  assert.deepEqual(rows, [
    { write_key: 'a', last_used_at: 100 },
    { write_key: 'b', last_used_at: 99 },
  ]);
  assert.ok(updates <= 3, `${updates} updates`);
});

test('a store that takes nothing is logged once, and what comes later is written', async (t) => {
  const store = await freshStores().openControl();
  t.after(() => store.close());
  const warnings: string[] = [];
  const warn = (_fields: object, message: string) => warnings.push(message);
  const { db } = store;
  let isAway = true;
  const uses = new KeyUses(
    db.withPlugin({
      transformQuery: ({ node }) => {
        if (isAway) assert.fail('the store is away');
        return node;
      },
      transformResult: async ({ result }) => result,
    }),
    { ...silentLogger, warn },
  );
  for (const at of [1, 2, 3]) {
    uses.take([['a', at]]);
    await uses.close();
  }
  assert.equal(warnings.length, 1);
  isAway = false;
  uses.take([['a', 4]]);
  await uses.close();
  assert.equal(warnings.length, 1);
});
