import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resultOfItem, resultOfOutcome } from './function-result.ts';
import { type FunctionFailure, functionFailures } from './functions.ts';

test('a function that has finished has delivered the event', () => {
  assert.deepEqual(resultOfOutcome({ kind: 'done' }, 1), { kind: 'delivered' });
});

test('each failure is tried again or discarded as its entry says', () => {
  const kinds = Object.keys(functionFailures).map((name) => {
    const failure = name as FunctionFailure;
    const of = (attempt: number) =>
      resultOfOutcome({ kind: 'failed', failure, message: 'm' }, attempt);
    const [first, third] = [of(1), of(3)];
    return [name, first.kind, third.kind === 'discard' ? third.code : third.kind];
  });
  assert.deepEqual(kinds, [
    ['bad_request', 'discard', 'function_failed'],
    ['invalid_settings', 'discard', 'invalid_settings'],
    ['message_rejected', 'discard', 'message_rejected'],
    ['unsupported_event_type', 'discard', 'unsupported_event_type'],
    ['dropped', 'discard', 'filtered_at_insert_function'],
    ['retry', 'retry', 'retry'],
    ['timeout', 'retry', 'retry'],
    ['memory_exceeded', 'retry', 'function_failed'],
    ['interrupted', 'retry', 'retry'],
    ['overloaded', 'retry', 'retry'],
  ]);
});

test('of a batch, 429 and 5xx are tried again, other errors are discards', () => {
  const kinds = [200, 302, 400, 404, 429, 500, 503].map(
    (status) => resultOfItem({ status, message: '' }).kind,
  );
  const expected = ['delivered', 'delivered', 'discard', 'discard', 'retry', 'retry', 'retry'];
  assert.deepEqual(kinds, expected);
});
