import assert from 'node:assert/strict';
import { it } from 'node:test';
import { TributaryError } from '../../src/core/errors.ts';
import { event, loadedAt, onBothEngines } from './both-engines.ts';

const query = { rows: 100, offset: 0, timeoutMs: 10_000 };

onBothEngines('loading', (rig) => {
  it('an event that is there already changes nothing, in a unit of its own or among others', async () => {
    const { newSchema, load, rows } = rig();
    const schema = newSchema();
    const events = [1, 2, 3].map((n) => event({ properties: { n } }));
    await load(schema, events);
    const before = await rows(schema, 'thing');
    await load(schema, events);
    const [first] = events;
    assert.ok(first);
    const changed = { ...first, properties: { n: 99 } };
    await load(schema, [changed, event({ properties: { n: 4 } })]);
    const after = await rows(schema, 'thing');
    assert.deepEqual(after.slice(0, 3), before);
    assert.equal(after.length, 4);
    assert.equal((await rows(schema, 'tracks')).length, 4);
  });

  it('tables whose ids are there already keep none of the others of a unit from their rows', async () => {
    const { newSchema, warehouse } = rig();
    const schema = newSchema();
    const columns = [
      { name: 'id', type: 'text' },
      { name: 'note', type: 'text' },
    ] as const;
    const names = ['a', 'b', 'c', 'd'] as const;
    const shapes = names.map((name) => ({ schema, name, columns }));
    const unit = (at: number, ids: Readonly<Record<string, readonly string[]>>) => ({
      ...{ id: `u${at}`, warehouse: schema, stream: 'live', partition: 0, schemas: [] },
      from: at === 0 ? undefined : { position: at, stamp: { input: at, item: 0 } },
      to: { position: at + 1, stamp: { input: at + 1, item: 0 } },
      changes: { create: at === 0 ? shapes : [], add: [], widen: [] },
      tables: names.map((name) => ({
        table: { schema, name },
        merge: name === 'c' ? ('replace' as const) : ('append' as const),
        columns,
        rows: (ids[name] ?? []).map((id) => [id, `of unit ${at}`]),
      })),
    });
    await warehouse.load(unit(0, { a: ['1'], b: ['1'], c: ['1'], d: ['1'] }));
    const second = unit(1, { a: ['2'], b: ['1', '2'], c: ['1', '2'], d: ['2', '1', '3'] });
    const counts = async (loaded: ReturnType<typeof warehouse.load>) =>
      (await loaded).map(({ table, rows }) => `${table.name} ${rows}`);
    assert.deepEqual(await counts(warehouse.load(second)), ['a 1', 'b 1', 'c 2', 'd 2']);
    const third = unit(2, { a: ['1', '3'], b: ['3'], c: ['3'], d: ['3', '4'] });
    assert.deepEqual(await counts(warehouse.load(third)), ['a 1', 'b 1', 'c 1', 'd 1']);
    for (const name of names) {
      const sql = `select id || ' ' || note from ${schema}.${name} order by 1`;
      const { rows } = await warehouse.query(sql, query);
      const all = ['1 of unit 0', '2 of unit 1', name === 'd' ? '3 of unit 1' : '3 of unit 2'];
      if (name === 'c') all[0] = '1 of unit 1';
      if (name === 'd') all.push('4 of unit 2');
      assert.deepEqual(rows.flat(), all, name);
    }
  });

  it('an id that is twice in a unit is one row', async () => {
    const { newSchema, load, rows } = rig();
    const schema = newSchema();
    const one = event();
    await load(schema, [one, one]);
    assert.equal((await rows(schema, 'tracks')).length, 1);
  });

  it('1,500 columns: what is above is in the overflow, and nothing fails', async () => {
    const { newSchema, load, rows } = rig();
    const schema = newSchema();
    const keys = Array.from({ length: 1_600 }, (_, index) => `key_${index}`);
    const numbers = Object.fromEntries(keys.map((key, index) => [key, index]));
    const texts = Object.fromEntries(keys.map((key) => [key, `a text of some length: ${key}`]));
    await load(schema, [event({ properties: texts })]);
    await load(schema, [event({ properties: numbers })]);
    const shape = (await rig().warehouse.tables(schema)).find(({ name }) => name === 'thing');
    assert.ok((shape?.columns.length ?? 0) <= 1_500);
    for (const [row, given] of [texts, numbers].entries()) {
      const found = (await rows(schema, 'thing'))[row] ?? {};
      const overflow = JSON.parse(String(found['_overflow'])).properties;
      for (const key of keys) {
        assert.equal(String(found[key] ?? overflow[key]), String(given[key]), key);
      }
    }
  });

  it('the rows and the cursor are one: a unit from another place is refused and leaves nothing', async () => {
    const { newSchema, warehouse } = rig();
    const schema = newSchema();
    const table = { schema, name: 'x' };
    const columns = [{ name: 'id', type: 'text' } as const];
    const unit = (from: number | undefined, to: number, id: string) => ({
      ...{ id, warehouse: schema, stream: 'live', partition: 0, schemas: [] },
      from: from === undefined ? undefined : { position: from, stamp: { input: from, item: 0 } },
      to: { position: to, stamp: { input: to, item: 0 } },
      changes: { create: [{ ...table, columns }], add: [], widen: [] },
      tables: [{ table, merge: 'append' as const, columns, rows: [[id]] }],
    });
    await warehouse.load(unit(undefined, 1, 'a'));
    for (const wrong of [unit(undefined, 2, 'b'), unit(7, 8, 'c')]) {
      await assert.rejects(
        warehouse.load(wrong),
        (error) => error instanceof TributaryError && error.code === 'lease_lost',
      );
    }
    await warehouse.load(unit(1, 2, 'd'));
    const { rows } = await warehouse.query(`select id from ${schema}.x order by 1`, query);
    assert.deepEqual(rows, [['a'], ['d']]);
    assert.deepEqual(await warehouse.cursors(schema), [
      { stream: 'live', partition: 0, position: 2, stamp: { input: 2, item: 0 } },
    ]);
    await warehouse.forget(schema, 'live');
    assert.deepEqual(await warehouse.cursors(schema), []);
  });

  it('a unit that fails half-way leaves nothing', async () => {
    const { newSchema, warehouse } = rig();
    const schema = newSchema();
    const columns = [{ name: 'id', type: 'text' } as const];
    const batch = (name: string, rows: string[][]) =>
      ({ table: { schema, name }, merge: 'append', columns, rows }) as const;
    const unit = {
      ...{ id: 'x', warehouse: schema, stream: 'live', partition: 0, schemas: [], from: undefined },
      to: { position: 1, stamp: { input: 1, item: 0 } },
      changes: { create: [{ schema, name: 'x', columns }], add: [], widen: [] },
      tables: [batch('x', [['a']]), batch('not there', [['b']])],
    };
    await assert.rejects(warehouse.load(unit), { code: 'warehouse_failed' });
    assert.deepEqual(await warehouse.tables(schema), []);
    assert.deepEqual(await warehouse.cursors(schema), []);
  });

  it('a query reads, one statement, a page of its rows', async () => {
    const { newSchema, load, warehouse } = rig();
    const schema = newSchema();
    await load(
      schema,
      [1, 2, 3].map((n) => event({ properties: { n, at: loadedAt } })),
    );
    const sql = `select n, "at" is null as missing from ${schema}.thing order by n`;
    const first = await warehouse.query(sql, { ...query, rows: 2 });
    assert.deepEqual(first.rows, [
      [1, false],
      [2, false],
    ]);
    assert.equal(first.more, true);
    const rest = await warehouse.query(sql, { ...query, rows: 2, offset: 2 });
    assert.deepEqual([rest.rows, rest.more], [[[3, false]], false]);
    for (const wrong of [
      `delete from ${schema}.thing`,
      `insert into ${schema}.thing (id) values ('x')`,
      `drop table ${schema}.thing`,
      `select 1; drop table ${schema}.thing`,
      'select no_such_column',
      'not sql',
    ]) {
      await assert.rejects(warehouse.query(wrong, query), { code: 'input_validation' }, wrong);
    }
    assert.equal((await warehouse.query(sql, query)).rows.length, 3);
  });

  it('a query gives moments and days as they are stored, to the microsecond', async () => {
    const { warehouse, name } = rig();
    const sql = `select timestamp '2026-01-02 03:04:05.123456', date '2026-01-02'`;
    const { rows } = await warehouse.query(sql, query);
    const moment = name === 'DuckDB' ? '2026-01-02 03:04:05.123456' : '2026-01-02T03:04:05.123456Z';
    assert.deepEqual(rows, [[moment, '2026-01-02']]);
    if (name === 'DuckDB') return;
    const zoned = `select timestamptz '2026-01-02 03:04:05+02', timestamptz 'infinity', '1'::bigint`;
    assert.deepEqual((await warehouse.query(zoned, query)).rows, [
      ['2026-01-02T01:04:05.000Z', 'infinity', 1],
    ]);
  });

  it('a query ends at its time', async () => {
    const { warehouse, name } = rig();
    const slow =
      name === 'DuckDB'
        ? 'select count(*) from range(10000000000) a, range(1000000) b where a.range % 7 = b.range'
        : 'select pg_sleep(60)';
    await assert.rejects(warehouse.query(slow, { ...query, timeoutMs: 200 }), /longer than 0.2 s/);
  });

  it('users are deleted from every table', async () => {
    const { newSchema, load, warehouse, rows } = rig();
    const schema = newSchema();
    await load(schema, [
      event({ userId: 'u1' }),
      event({ userId: 'u2' }),
      event({ type: 'identify', userId: 'u1', traits: { a: 1 } }),
    ]);
    assert.equal(await warehouse.deleteUsers(schema, ['u1', 'nobody']), 4);
    assert.equal((await rows(schema, 'thing')).length, 1);
    assert.deepEqual(await rows(schema, 'users'), []);
  });

  it('users are deleted up to a moment, but for their latest state; by anonymousId, and as aliases', async () => {
    const { newSchema, load, warehouse, rows } = rig();
    const schema = newSchema();
    const later = { receivedAt: '2026-11-20T12:00:00.000Z' };
    await load(schema, [
      event({ userId: 'u1', receivedAt: '2026-11-20T11:59:59.999Z' }),
      event({ userId: 'u1', ...later }),
      event({ userId: 'u2', anonymousId: 'a2' }),
      event({ type: 'identify', userId: 'u1', traits: { a: 1 }, ...later }),
      event({
        type: 'alias',
        userId: 'u3',
        previousId: 'u1',
        receivedAt: '2026-11-19T00:00:00.000Z',
      }),
    ]);
    const before = '2026-11-20T12:00:00.000Z';
    // Of the table of the event and of `tracks` one row each, one of `users`, one of `aliases`.
    assert.equal(await warehouse.deleteUsers(schema, ['u1'], { before }), 4);
    assert.equal(await warehouse.deleteUsers(schema, ['u1'], { before }), 0);
    assert.equal((await rows(schema, 'thing')).length, 2);
    assert.equal((await rows(schema, 'identifies')).length, 1);
    assert.deepEqual(await rows(schema, 'users'), []);
    assert.deepEqual(await rows(schema, 'aliases'), []);
    const anonymous = { before: '2027-01-01T00:00:00.000Z', by: 'anonymous_id' } as const;
    assert.equal(await warehouse.deleteUsers(schema, ['a2'], anonymous), 2);
    assert.equal((await rows(schema, 'thing')).length, 1);
  });
});
