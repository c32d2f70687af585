import assert from 'node:assert/strict';
import type { Kysely } from 'kysely';

/** Tables of whatever schema. */
type Anything = Record<string, Record<string, unknown>>;

/**
 * Fills a database of an older schema with what a newer one holds: of each table that the older one has, the rows,
 * and of these the columns (`schema`: of the tables, where the engine has schemas). So it is what a server of that time would have left behind.
 */
export async function fillOlder(
  newer: Kysely<Anything>,
  older: Kysely<Anything>,
  schema?: string,
): Promise<void> {
  const tablesOf = async (db: Kysely<Anything>) =>
    (await db.introspection.getTables()).filter((table) => table.schema === schema);
  const tables = (await tablesOf(older)).filter(({ name }) => name !== 'lease');
  const found = await tablesOf(newer);
  let waiting = tables.map(({ name, columns }) => ({
    name,
    columns: columns.map((one) => one.name),
  }));
  while (waiting.length > 0) {
    const left: typeof waiting = [];
    for (const table of waiting) {
      const known = found.find(({ name }) => name === table.name)?.columns.map((one) => one.name);
      assert(known !== undefined, `${table.name} is still there: migrations only add`);
      const rows = await newer.selectFrom(table.name).select(table.columns).execute();
      try {
        if (rows.length > 0) await older.insertInto(table.name).values(rows).execute();
      } catch (error) {
        // What it refers to comes with a later table.
        if (!/foreign key/i.test(String(error))) throw error;
        left.push(table);
      }
    }
    assert.ok(left.length < waiting.length, 'the rows refer to each other in a circle');
    waiting = left;
  }
}
