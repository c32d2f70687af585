import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Event } from '../../src/core/event.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { StoredObject } from '../../src/core/objects.ts';
import { random } from '../../src/core/testing/random.ts';
import { event, onBothEngines } from './both-engines.ts';

/** An identify call that was made in one second of a minute and received in another. */
function identify(traits: JsonObject, said: number, received = said): Event {
  const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 10, 0, second)).toISOString();
  const stamps = { timestamp: at(said), receivedAt: at(received) };
  return event({ type: 'identify', userId: 'u1', traits, ...stamps });
}

function object(properties: JsonObject, second: number): StoredObject {
  const receivedAt = new Date(Date.UTC(2026, 10, 21, 10, 0, second)).toISOString();
  return { collection: 'products', id: 'p1', properties, messageId: `o${second}`, receivedAt };
}

onBothEngines('the latest state', (rig) => {
  const users = async (schema: string) => {
    const { uuid_ts: _, _times, ...row } = (await rig().rows(schema, 'users'))[0] ?? {};
    // A column is there from the first value on, whatever became of it.
    return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
  };

  it('holds the newest value of each trait; what a call does not say stays', async () => {
    const { newSchema, load } = rig();
    const schema = newSchema();
    await load(schema, [identify({ email: 'a', plan: 'x' }, 1)]);
    await load(schema, [identify({ email: 'b' }, 2)]);
    assert.partialDeepStrictEqual(await users(schema), { id: 'u1', email: 'b', plan: 'x' });
  });

  it('goes by the time of the event, also when it comes late', async () => {
    const { newSchema, load } = rig();
    const schema = newSchema();
    await load(schema, [identify({ email: 'new' }, 9)]);
    await load(schema, [identify({ email: 'old', plan: 'x', city: 'y' }, 1, 10)]);
    assert.partialDeepStrictEqual(await users(schema), {
      email: 'new',
      plan: 'x',
      city: 'y',
      received_at: '2026-11-21T10:00:09.000Z',
    });
    await load(schema, [identify({ plan: 'between' }, 5, 11)]);
    await load(schema, [identify({ plan: 'before that' }, 3, 12)]);
    assert.partialDeepStrictEqual(await users(schema), { email: 'new', plan: 'between' });
  });

  it('is cleared by null, which an older value does not undo', async () => {
    const { newSchema, load } = rig();
    const schema = newSchema();
    await load(schema, [identify({ plan: 'x' }, 1), identify({ plan: null }, 5)]);
    assert.equal((await users(schema))['plan'], undefined);
    await load(schema, [identify({ plan: 'late' }, 3, 9)]);
    assert.equal((await users(schema))['plan'], undefined);
    await load(schema, [identify({ plan: 'y' }, 6)]);
    assert.equal((await users(schema))['plan'], 'y');
  });

  it('of the same event time the later received counts', async () => {
    const { newSchema, load } = rig();
    const schema = newSchema();
    await load(schema, [identify({ plan: 'second' }, 1, 3)]);
    await load(schema, [identify({ plan: 'first' }, 1, 2)]);
    assert.equal((await users(schema))['plan'], 'second');
  });

  it('a value that does not fit is the latest too, in the overflow', async () => {
    const { newSchema, load } = rig();
    const schema = newSchema();
    await load(schema, [identify({ age: 7 }, 1)]);
    await load(schema, [identify({ age: 'seven' }, 2)]);
    const overflow = { _overflow: '{"traits":{"age":"seven"}}' };
    assert.partialDeepStrictEqual(await users(schema), overflow);
    assert.equal((await users(schema))['age'], undefined);
    await load(schema, [identify({ age: 6 }, 1, 5)]);
    assert.partialDeepStrictEqual(await users(schema), overflow);
    assert.equal((await users(schema))['age'], undefined);
    await load(schema, [identify({ age: 8 }, 3)]);
    assert.partialDeepStrictEqual(await users(schema), { age: 8 });
    assert.equal((await users(schema))['_overflow'], undefined);
  });

  it('is the same for the same events in any order and units, and when they are loaded again', async () => {
    const { newSchema, load, rows } = rig();
    const { seed, between, pick } = random(20_261_121);
    for (let round = 0; round < 6; round++) {
      const values = [1, 2.5, 'text', null, true, 'x'.repeat(520), '2026-11-21', [1]] as const;
      const events = Array.from({ length: 8 }, (_, index) => {
        const traits = { [pick(['a', 'b', 'c'])]: pick(values), n: index };
        return identify(traits, between(1, 30), 31 + index);
      });
      // The first fixes the types of the columns, which the order decides.
      const types = identify({ a: 'text', b: 'text', c: 'text', n: 0 }, 0, 0);
      const inOrder = newSchema();
      await load(inOrder, [types, ...events]);
      const shuffled = newSchema();
      await load(shuffled, [types]);
      const mixed = events.toSorted(() => between(-1, 1));
      for (const one of mixed) await load(shuffled, [one]);
      assert.deepEqual(await users(shuffled), await users(inOrder), `seed ${seed}, round ${round}`);
      const before = await rows(shuffled, 'users');
      await load(shuffled, [types, ...events]);
      assert.deepEqual(await rows(shuffled, 'users'), before, `seed ${seed}, round ${round}`);
    }
  });

  it('accounts are the latest of their groups', async () => {
    const { newSchema, load, rows } = rig();
    const schema = newSchema();
    const group = (traits: JsonObject) => event({ type: 'group', groupId: 'g1', traits });
    await load(schema, [group({ name: 'A', seats: 1 }), group({ seats: 2 })]);
    assert.partialDeepStrictEqual(await rows(schema, 'accounts'), [
      { id: 'g1', name: 'A', seats: 2 },
    ]);
    const groups = await rows(schema, 'groups');
    assert.deepEqual(
      groups.map((row) => [row['group_id'], row['seats']]),
      [
        ['g1', 1],
        ['g1', 2],
      ],
    );
  });

  it('an anonymous identify is in identifies, and no user', async () => {
    const { newSchema, load, rows } = rig();
    const schema = newSchema();
    await load(schema, [event({ type: 'identify', traits: { email: 'a' } })]);
    assert.equal((await rows(schema, 'identifies'))[0]?.['email'], 'a');
    assert.deepEqual(await rows(schema, 'users'), []);
  });

  it('objects have a table a collection, and are laid over one another', async () => {
    const { newSchema, load, rows } = rig();
    const schema = newSchema();
    await load(schema, [object({ name: 'Chair', price: 10 }, 1), object({ price: 12 }, 2)]);
    await load(schema, [object({ name: null, made: '2026-01-01' }, 3)]);
    assert.partialDeepStrictEqual(await rows(schema, 'products'), [
      { id: 'p1', name: null, price: 12, made: '2026-01-01T00:00:00.000Z' },
    ]);
  });

  it('an event and a collection of the same name have a table each', async () => {
    const { newSchema, load, rows } = rig();
    const schema = newSchema();
    await load(schema, [object({ name: 'Chair' }, 1), event({ event: 'Products' })]);
    await load(schema, [event({ event: 'Products' }), object({ name: 'Table' }, 2)]);
    assert.deepEqual(
      (await rows(schema, 'products')).map((row) => row['name']),
      ['Table'],
    );
    assert.equal((await rows(schema, '_products')).length, 2);
  });
});
