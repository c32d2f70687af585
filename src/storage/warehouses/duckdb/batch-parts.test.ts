import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TableBatch } from '../../../core/warehouse-engine.ts';
import { encodeRows, quotedCsv } from '../sql/encode-rows.ts';
import { idsOf, oldestReceipt, partsOf } from './batch-parts.ts';

const columns = [
  { name: 'id', type: 'text' },
  { name: 'received_at', type: 'timestamp' },
  { name: 'said', type: 'text' },
] as const;
const rows = ['plain', 'two\nlines', 'a "quote"\n', '","', '"\n"', ''].map((said, index) => [
  `id ${index}`,
  `2026-11-2${9 - index}T10:00:00.000Z`,
  said,
]);
const asRows: TableBatch = {
  ...{ table: { schema: 's', name: 't' }, merge: 'append', columns, rows },
};
const bytesOf = (some: TableBatch['rows']) => [...encodeRows(some, columns.length, quotedCsv)];
const ids = rows.map(([id]) => String(id));
const since = '2026-11-24T10:00:00.000Z';
const asLines: TableBatch = { ...asRows, rows: [], lines: { bytes: bytesOf(rows), ids, since } };

test('lines of CSV are parted between rows, whatever texts they hold', () => {
  for (const rowsAtOnce of [1, 2, 4, 5, 6, Number.POSITIVE_INFINITY]) {
    const parts = [...partsOf(asLines, rowsAtOnce)];
    assert.deepEqual(parts.flatMap(idsOf), ids);
    assert.equal(parts.length, Math.ceil(rows.length / Math.min(rowsAtOnce, rows.length)));
    let at = 0;
    for (const { lines, rows: none } of parts) {
      assert.ok(lines);
      const own = rows.slice(at, at + lines.ids.length);
      assert.equal(Buffer.concat(lines.bytes).toString(), Buffer.concat(bytesOf(own)).toString());
      assert.deepEqual(none, []);
      at += own.length;
    }
  }
});

test('rows are parted in their order', () => {
  const parts = [...partsOf(asRows, 4)];
  assert.deepEqual(
    parts.map(({ rows: own }) => own.length),
    [4, 2],
  );
  assert.deepEqual(
    parts.flatMap(({ rows: own }) => own),
    rows,
  );
  assert.deepEqual(parts.flatMap(idsOf), ids);
});

test('the oldest receipt is known of rows and of lines; a row without one leaves it open', () => {
  assert.equal(oldestReceipt(asRows), since);
  assert.equal(oldestReceipt(asLines), since);
  assert.equal(oldestReceipt({ ...asRows, rows: [...rows, ['x', null, '']] }), undefined);
});
