import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../core/event.ts';
import { limits } from '../../core/limits.ts';
import type { CellValue, Warehouse, WarehouseDialect } from '../../core/warehouse-engine.ts';
import { selectionOf } from '../selection.ts';
import { Misfits } from './misfits.ts';
import { SourceTables } from './source-tables.ts';

const dialect: WarehouseDialect = {
  ...{ identifierBytes: 63, columns: 100, widens: {} },
  ...{ reserved: new Set(), reservedSchemas: new Set() },
};
const now = '2026-11-21T12:00:00.000Z';

/** Nothing here holds a latest state, so no warehouse is asked. */
const unasked: Warehouse = {
  ...{ schemas: unexpected, cursors: unexpected, tables: unexpected, rows: unexpected },
  ...{ load: unexpected, forget: unexpected, query: unexpected, deleteUsers: unexpected },
  ...{ read: unexpected, close: unexpected },
};

function unexpected(): never {
  return assert.fail('no warehouse is asked');
}

function tables(misfits = new Misfits(), more: Partial<WarehouseDialect> = {}): SourceTables {
  const parts = { schema: 's', shapes: [], misfits, selection: selectionOf() };
  return new SourceTables({ ...parts, dialect: { ...dialect, ...more } });
}

function track(n: number, name: string, properties = {}): Event {
  const stamps = { timestamp: now, originalTimestamp: now, receivedAt: now };
  const common = { messageId: `m${n}`, anonymousId: 'a', context: {}, integrations: {}, ...stamps };
  return { ...common, type: 'track', event: name, properties };
}

test('100,000 names of events: the tables are bounded, and what has none is in tracks with its properties', async () => {
  const misfits = new Misfits();
  const source = tables(misfits);
  const names = 100_000;
  for (let n = 0; n < names; n++) source.addEvent(track(n, `Event ${n}`, { n }), now);
  const { tables: batches } = await source.take(unasked, now);
  assert.equal(batches.length, limits.warehouseTables + 1);
  const tracks = batches.find(({ table }) => table.name === 'tracks');
  assert.equal(tracks?.rows.length, names);
  const last = tracks?.rows.at(-1);
  const at = tracks?.columns.findIndex(({ name }) => name === '_overflow') ?? -1;
  assert.deepEqual(JSON.parse(String(last?.[at])), { properties: { n: names - 1 } });
  const listed = misfits.list.reduce((sum, { count }) => sum + count, 0);
  assert.equal(listed + misfits.others, names - limits.warehouseTables);
  assert.ok(misfits.list.every(({ reason }) => reason === 'tables'));
  // A name that has its table keeps it.
  source.addEvent(track(names, 'Event 1'), now);
  const next = await source.take(unasked, now);
  assert.deepEqual(
    next.tables.map(({ table }) => table.name),
    ['tracks', 'event_1'],
  );
});

test('a column that comes with a unit widens to fractions in it, and never after', async () => {
  const source = tables();
  source.addEvent(track(1, 'Thing', { n: 1 }), now);
  source.addEvent(track(2, 'Thing', { n: 1.5 }), now);
  const first = await source.take(unasked, now);
  const created = first.changes.create.find(({ name }) => name === 'thing');
  assert.equal(created?.columns.find(({ name }) => name === 'n')?.type, 'float');
  source.addEvent(track(3, 'Thing', { m: 1 }), now);
  await source.take(unasked, now);
  source.addEvent(track(4, 'Thing', { m: 1.5 }), now);
  const last = await source.take(unasked, now);
  assert.deepEqual(last.changes.widen, []);
  const batch = last.tables.find(({ table }) => table.name === 'thing');
  const at = batch?.columns.findIndex(({ name }) => name === '_overflow') ?? -1;
  assert.equal(batch?.rows[0]?.[at], '{"properties":{"m":1.5}}');
});

test('where the engine widens without writing rows again, the column takes the wider type', async () => {
  const source = tables(new Misfits(), { widens: { integer: ['float'] } });
  source.addEvent(track(1, 'Thing', { n: 1 }), now);
  await source.take(unasked, now);
  source.addEvent(track(2, 'Thing', { n: 1.5 }), now);
  const { changes } = await source.take(unasked, now);
  const table = { schema: 's', name: 'thing' };
  assert.deepEqual(changes.widen, [{ table, column: { name: 'n', type: 'float' } }]);
});

test('only tables of a dialect that has it have loaded_at', async () => {
  const columnsOf = async (source: SourceTables) => {
    source.addEvent(track(1, 'Thing'), now);
    return (await source.take(unasked, now)).tables[0]?.columns.map(({ name }) => name);
  };
  assert.equal((await columnsOf(tables()))?.includes('loaded_at'), false);
  assert.equal(
    (await columnsOf(tables(new Misfits(), { hasLoadedAt: true })))?.includes('loaded_at'),
    true,
  );
});

test('a key at the top that every object inherits is kept as others are that have no column', async () => {
  const source = tables();
  source.addEvent({ ...track(1, 'Done'), constructor: 'c', toString: 't', extra: 'e' }, now);
  const { tables: batches } = await source.take(unasked, now);
  for (const { columns, rows } of batches) {
    const at = columns.findIndex(({ name }) => name === '_overflow');
    const kept = { constructor: 'c', toString: 't', extra: 'e' };
    assert.deepEqual(JSON.parse(String(rows[0]?.[at])), kept);
  }
});

test('lines in place of rows hold the same, with the ids in their order', async () => {
  const lines = { delimiter: ',', empty: '', text: (value: string) => JSON.stringify(value) };
  const [asRows, asLines] = [tables(), tables(new Misfits(), { lines })];
  for (const source of [asRows, asLines]) {
    source.addEvent(track(1, 'Done', { a: 1, b: true }), now);
    source.addEvent(track(2, 'Done', { c: 'x, y', a: 2.5 }), now);
    source.addEvent(track(2, 'Done', { c: 'again' }), now);
  }
  const expected = (await asRows.take(unasked, now)).tables;
  const found = (await asLines.take(unasked, now)).tables;
  assert.equal(found.length, 2);
  for (const [index, { table, columns, rows, lines: given }] of found.entries()) {
    const same = expected[index];
    assert.deepEqual([table, columns, rows], [same?.table, same?.columns, []]);
    const text = same?.rows.map((row) => `${line(row, columns.length)}\n`).join('');
    assert.equal(Buffer.concat(given?.bytes ?? []).toString(), text);
    assert.deepEqual(given?.ids, ['m1', 'm2']);
  }

  function line(row: readonly CellValue[], width: number): string {
    const cells = Array.from({ length: width }, (_, at) => row[at] ?? null);
    return cells.map((cell) => (cell === null ? '' : JSON.stringify(cell))).join(',');
  }
});

test('rows as lines say when the first of them was received; not when one does not', async () => {
  const lines = { delimiter: ',', empty: '', text: (value: string) => value };
  const source = tables(new Misfits(), { lines });
  const received = (n: number, receivedAt: string) => ({ ...track(n, 'Seen'), receivedAt });
  const stamps = ['2026-11-21T11:00:00.000Z', '2026-11-20T11:00:00.000Z', now];
  for (const [n, stamp] of stamps.entries()) source.addEvent(received(n, stamp), now);
  const since = async () =>
    (await source.take(unasked, now)).tables.map((batch) => batch.lines?.since);
  assert.deepEqual(await since(), [stamps[1], stamps[1]]);
  for (const [n, stamp] of [...stamps, 'some day'].entries()) {
    source.addEvent(received(n, stamp), now);
  }
  assert.deepEqual(await since(), [undefined, undefined]);
  source.addEvent(received(9, now), now);
  assert.deepEqual(await since(), [now, now]);
});
