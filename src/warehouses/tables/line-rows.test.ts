import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineRows } from './line-rows.ts';

const format = { delimiter: ',', empty: '-', text: (value: string) => `'${value}'` };

function textOf(parts: readonly Buffer[]): string {
  return Buffer.concat(parts).toString();
}

test('every line has a value for each column, also for those that came after it', () => {
  const rows = new LineRows(format);
  rows.add(['a', 1], 2);
  rows.add(['b\n'], 2);
  rows.add(['c', null, true], 3);
  rows.add([], 5);
  assert.equal(textOf(rows.take(5)), "'a',1,-,-,-\n'b\n',-,-,-,-\n'c',-,true,-,-\n-,-,-,-,-\n");
});

test('lines are as many and as long as they come, and begin anew when they are taken', () => {
  const rows = new LineRows(format);
  const texts = Array.from({ length: 2_000 }, (_, n) => '\u20ac\u{1f600}x'.repeat(n % 50));
  for (const text of texts) rows.add([text], 1);
  assert.equal(textOf(rows.take(1)), texts.map((text) => `'${text}'\n`).join(''));
  assert.equal(textOf(rows.take(1)), '');
  rows.add(['again'], 1);
  assert.equal(textOf(rows.take(2)), "'again',-\n");
});
