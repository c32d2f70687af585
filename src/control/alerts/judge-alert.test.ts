import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AlertState, judgeAlert } from './judge-alert.ts';

const ok: AlertState = { status: 'OK', calm: 0 };

/** The statuses after each measurement, in order. */
function run(values: readonly number[], below: number | null, above: number | null): string[] {
  let state = ok;
  return values.map((value) => {
    state = judgeAlert(state, value, { below, above });
    return state.status;
  });
}

test('one measurement out of bounds alerts, three calm ones in a row resolve', () => {
  assert.deepEqual(run([0.9, 0.4, 0.9, 0.9, 0.4, 0.9, 0.9, 0.9, 0.9], 0.5, null), [
    'OK',
    ...Array.from({ length: 6 }, () => 'ALERTING'),
    'OK',
    'OK',
  ]);
});

test('the bounds themselves are within them, on both sides', () => {
  assert.deepEqual(run([1, 5], 1, 5), ['OK', 'OK']);
  assert.deepEqual(run([0.99], 1, 5), ['ALERTING']);
  assert.deepEqual(run([5.01], 1, 5), ['ALERTING']);
});
