import assert from 'node:assert/strict';
import { it } from 'node:test';
import { event, onBothEngines } from './both-engines.ts';

onBothEngines('users by profile', (rig) => {
  const identify = (userId: string, traits: object = {}) =>
    event({ type: 'identify', userId, traits: { ...traits } });
  const alias = (previousId: string, userId: string) =>
    event({ type: 'alias', previousId, userId });
  const profiles = async (schema: string, columns = '_profile_id, id') => {
    const sql = `select ${columns} from "${schema}".users_by_profile order by id`;
    const options = { rows: 100, offset: 0, timeoutMs: 30_000 };
    return (await rig().warehouse.query(sql, options)).rows;
  };

  it('follows aliases to their end, whichever table came first', async () => {
    const { newSchema, load, warehouse } = rig();
    const schema = newSchema();
    await load(schema, [alias('ada', 'ada@x')]);
    await load(schema, [identify('ada'), identify('ada@x'), identify('bob')]);
    await load(schema, [alias('ada@x', 'customer 7')]);
    assert.deepEqual(await profiles(schema), [
      ['customer 7', 'ada'],
      ['customer 7', 'ada@x'],
      ['bob', 'bob'],
    ]);
    const names = (await warehouse.tables(schema)).map(({ name }) => name);
    assert(!names.includes('users_by_profile'), 'a view is no table to load');
  });

  it('has the columns that users get later, and ends in a ring', async () => {
    const { newSchema, load } = rig();
    const schema = newSchema();
    await load(schema, [alias('a', 'b'), alias('b', 'a'), identify('a'), identify('c')]);
    await load(schema, [identify('c', { plan: 'pro', profileId: 'x' })]);
    assert.deepEqual((await profiles(schema, 'plan, profile_id')).at(-1), ['pro', 'x']);
    assert.equal((await profiles(schema)).length, 2);
  });

  it('leaves a view of that name alone that somebody else has made', async () => {
    const { newSchema, load, name, warehouse, engine } = rig();
    const schema = newSchema();
    await load(schema, [identify('a')]);
    if (name === 'DuckDB') return;
    const { Client } = await import('pg');
    const { settings } = rig();
    const client = new Client({
      ...{ host: String(settings['host']), port: Number(settings['port']) },
      ...{ user: String(settings['username']), password: String(settings['password']) },
      database: String(settings['database']),
    });
    await client.connect();
    await client.query(`create view "${schema}".users_by_profile as select 1 as id`);
    await client.end();
    await load(schema, [alias('a', 'b')]);
    assert.deepEqual(await profiles(schema, 'id'), [[1]]);
    assert.equal(engine.slug, 'postgres');
    assert((await warehouse.tables(schema)).some((table) => table.name === 'aliases'));
  });
});
