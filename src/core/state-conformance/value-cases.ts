import assert from 'node:assert/strict';
import type { WorkTables } from '../tables/work-tables.ts';
import { addWorkspace, onControl, onWork, type StateCases } from './state-case.ts';

const cursor: WorkTables['cursor'] = {
  lane: 'a',
  partition: 0,
  position: 0,
  stamp_input: 0,
  stamp_item: -1,
  open_ms: 0,
  updated_at: 0,
};

/** Every character that a text may hold, those beyond the basic plane sampled. */
function everyCharacter(): string {
  const points: number[] = [];
  for (let point = 1; point <= 0xffff; point += 1) {
    if (point < 0xd800 || point > 0xdfff) points.push(point);
  }
  for (let point = 0x10000; point <= 0x10ffff; point += 0x101) points.push(point);
  return points.map((point) => String.fromCodePoint(point)).join('');
}

/** What comes out is what went in, whatever the engine. */
export const valueCases: StateCases = {
  'numbers are exact up to 2^53, and come back as numbers': onWork(async ({ db }) => {
    const position = Number.MAX_SAFE_INTEGER;
    const row = { ...cursor, position, open_ms: -position, stamp_input: 2 ** 41 };
    await db.insertInto('cursor').values(row).execute();
    assert.deepEqual(await db.selectFrom('cursor').selectAll().executeTakeFirst(), row);
    const found = await db
      .selectFrom('cursor')
      .select('lane')
      .where('position', '>', position - 1)
      .execute();
    assert.equal(found.length, 1, 'and are compared as numbers');
  }),

  'counts, sums, highest and lowest are numbers, and null over nothing': onWork(async ({ db }) => {
    const totals = () =>
      db
        .selectFrom('cursor')
        .select(({ fn }) => [
          fn.countAll().as('count'),
          fn.sum('position').as('sum'),
          fn.max('position').as('max'),
          fn.min('position').as('min'),
        ])
        .executeTakeFirst();
    assert.deepEqual(await totals(), { count: 0, sum: null, max: null, min: null });
    for (const partition of [1, 2]) {
      const row = { ...cursor, partition, position: 2 ** 40 + partition };
      await db.insertInto('cursor').values(row).execute();
    }
    const sum = 2 ** 41 + 3;
    assert.deepEqual(await totals(), { count: 2, sum, max: 2 ** 40 + 2, min: 2 ** 40 + 1 });
  }),

  'a text comes back as it was written, whatever its characters': onControl(async (store) => {
    const { db } = store;
    const texts = {
      all: everyCharacter(),
      quotes: `'"\`\\'; drop table x; --`,
      empty: '',
      e: 'e\u0301',
    };
    for (const [id, name] of Object.entries(texts)) await addWorkspace(store, { id, name });
    for (const [id, name] of Object.entries(texts)) {
      const row = await db
        .selectFrom('workspace')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      assert.ok(row?.name === name, id);
      const same = await db.selectFrom('workspace').select('id').where('name', '=', name).execute();
      assert.deepEqual(same, [{ id }], 'and is found by itself alone');
    }
  }),

  'a text has any length': onControl(async (store) => {
    const name = 'é'.repeat(200_000);
    await addWorkspace(store, { name });
    const row = await store.db.selectFrom('workspace').select('name').executeTakeFirst();
    assert.ok(row?.name === name);
  }),

  'U+0000, which no text holds, fails no write': onControl(async (store) => {
    await addWorkspace(store, { name: 'a\0b' });
    const row = await store.db.selectFrom('workspace').select('name').executeTakeFirst();
    assert.match(row?.name ?? '', /^a.b$/su);
  }),

  'texts are in the order of their bytes': onControl(async (store) => {
    const names = ['Z', 'a', 'ab', 'á', 'B', '_', '0', ' ', '\u{10000}', '\uffee', ''];
    for (const name of names) await addWorkspace(store, { id: `w${name}`, name });
    const rows = await store.db.selectFrom('workspace').select('name').orderBy('name').execute();
    const sorted = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    assert.deepEqual(
      rows.map(({ name }) => name),
      sorted,
    );
  }),

  'null is no empty text': onControl(async (store) => {
    await addWorkspace(store);
    const { db } = store;
    const at = { workspace_id: 'w', position: 1, slug: 's', name: 's', created_at: 1 };
    await db
      .insertInto('source')
      .values({
        id: 's',
        ...at,
        enabled: 0,
        metadata_id: 'm',
        settings: '{}',
        limits: '{}',
        region: null,
      })
      .execute();
    const row = await db.selectFrom('source').selectAll().executeTakeFirstOrThrow();
    assert.deepEqual([row.region, row.enabled, row.policy], [null, 0, '{}']);
    const none = await db.selectFrom('source').select('id').where('region', '=', '').execute();
    assert.deepEqual(none, []);
  }),

  'a list to look in may be empty': onWork(async ({ db }) => {
    await db.insertInto('cursor').values(cursor).execute();
    const query = db.selectFrom('cursor').select('lane');
    assert.deepEqual(await query.where('lane', 'in', []).execute(), []);
    assert.deepEqual(await query.where('lane', 'not in', []).execute(), [{ lane: 'a' }]);
  }),

  'updates and deletions say how many rows they met': onWork(async ({ db }) => {
    for (const partition of [1, 2])
      await db
        .insertInto('cursor')
        .values({ ...cursor, partition })
        .execute();
    const same = await db.updateTable('cursor').set({ position: 0 }).executeTakeFirst();
    assert.equal(same.numUpdatedRows, 2n, 'also where nothing changes');
    const some = db.deleteFrom('cursor').where('partition', '=', 1);
    assert.equal((await some.executeTakeFirst()).numDeletedRows, 1n);
    assert.equal((await some.executeTakeFirst()).numDeletedRows, 0n);
  }),

  'an insert that meets its row updates it, values of both at hand': onWork(async ({ db }) => {
    const write = (position: number) =>
      db
        .insertInto('cursor')
        .values({ ...cursor, position })
        .onConflict((conflict) =>
          conflict.columns(['lane', 'partition']).doUpdateSet((row) => ({
            position: row.ref('excluded.position'),
            open_ms: row('cursor.open_ms', '+', 1),
          })),
        )
        .execute();
    for (const position of [1, 2, 3]) await write(position);
    const { position, open_ms } = await db
      .selectFrom('cursor')
      .selectAll()
      .executeTakeFirstOrThrow();
    assert.deepEqual([position, open_ms], [3, 2]);
  }),
};
