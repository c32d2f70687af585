import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../core/event.ts';
import type { Warehouse, WarehouseDialect } from '../../core/warehouse-engine.ts';
import { selectionOf } from '../selection.ts';
import { Misfits } from './misfits.ts';
import { SourceTables } from './source-tables.ts';

test('a moment that the engine has no year for is kept in the overflow of its row', async () => {
  const dialect: WarehouseDialect = {
    ...{ identifierBytes: 63, reserved: new Set(), reservedSchemas: new Set() },
    ...{ columns: 100, widens: {}, years: [1900, 2299] },
  };
  const selection = selectionOf();
  const misfits = new Misfits();
  const tables = new SourceTables({ schema: 's', dialect, shapes: [], misfits, selection });
  const at = '2026-11-21T10:00:00.000Z';
  const properties = { born: '2000-01-01', built: '1150-06-01' };
  const event: Event = {
    ...{ type: 'track', event: 'Seen', messageId: 'm', context: {}, integrations: {} },
    ...{ timestamp: at, originalTimestamp: at, receivedAt: at, properties },
  };
  tables.addEvent(event, at);
  const nothing = { rows: async () => new Map() };
  const unit = await tables.take(asWarehouse(nothing), at);
  const batch = unit.tables.find(({ table }) => table.name === 'seen');
  const row = new Map(batch?.columns.map(({ name }, index) => [name, batch.rows[0]?.[index]]));
  assert.equal(row.get('born'), '2000-01-01T00:00:00.000Z');
  assert.equal(row.get('built') ?? null, null);
  assert.match(JSON.stringify([...row.values()]), /1150-06-01/);
});

/** Nothing but `rows` is asked of it. */
function asWarehouse(part: Pick<Warehouse, 'rows'>): Warehouse {
  const never = () => Promise.reject(new TypeError('It is not asked for this'));
  return {
    ...{ schemas: never, cursors: never, tables: never, load: never, forget: never, query: never },
    ...{ deleteUsers: never, close: never },
    read: async function* () {
      yield await never();
    },
    ...part,
  };
}
