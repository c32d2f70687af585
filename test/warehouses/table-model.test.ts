import assert from 'node:assert/strict';
import { it } from 'node:test';
import { event, onBothEngines, type Row } from './both-engines.ts';
import { columnNames, tableNames, valueCases } from './table-cases.ts';

const overflowOf = (row: Row | undefined) => {
  const text = row?.['_overflow'] ?? null;
  return text === null ? undefined : JSON.parse(String(text));
};

onBothEngines('the table model', (rig) => {
  it(`names columns as Segment does: ${columnNames.length} keys`, async () => {
    const { newSchema, load, rows } = rig();
    const schema = newSchema();
    const events = columnNames.map(([key]) => event({ properties: { [key]: 1 } }));
    await load(schema, events);
    const found = await rows(schema, 'thing');
    for (const [index, [key, column]] of columnNames.entries()) {
      assert.equal(found[index]?.[column], 1, `${JSON.stringify(key)} is in ${column}`);
    }
  });

  it(`names tables as Segment does: ${tableNames.length} events`, async () => {
    const { newSchema, load, rows } = rig();
    const schema = newSchema();
    for (const [name, table] of tableNames) {
      const one = event({ event: name });
      await load(schema, [one]);
      const row = (await rows(schema, table)).find(({ id }) => id === one.messageId);
      assert.equal(row?.['event_text'], name, `${name} is in ${table}`);
      assert.equal(row?.['event'], table);
    }
    const tracks = await rows(schema, 'tracks');
    assert.deepEqual(
      tracks.map((row) => row['event_text']),
      tableNames.map(([name]) => name),
    );
  });

  for (const { says, events, row, overflow, absent = [] } of valueCases) {
    it(says, async () => {
      const { newSchema, load, rows } = rig();
      const schema = newSchema();
      const context = { ip: '1.2.3.4' };
      for (const properties of events) await load(schema, [event({ properties, context })]);
      const last = (await rows(schema, 'thing')).at(-1);
      for (const [column, value] of Object.entries(row)) {
        assert.equal(last?.[column] ?? null, value, column);
      }
      assert.deepEqual(overflowOf(last), overflow);
      for (const column of absent) assert.ok(!(column in (last ?? {})), column);
    });
  }
});
