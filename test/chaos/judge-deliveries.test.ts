import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Entry, type Expected, judgeDeliveries } from './judge-deliveries.ts';

const expected: Expected = { sent: new Map([['u', 3]]), all: true, lateMs: 1_000, mostTries: 4 };

/** `came 0`, `taken 0`, `refused 0`, of the user `u`. */
function happened(...steps: readonly string[]): Entry[] {
  return steps.map((step) => {
    const [what, sequence] = step.split(' ');
    assert.ok(what === 'came' || what === 'taken' || what === 'refused');
    return { what, user: 'u', sequence: Number(sequence), age: 5 };
  });
}

const first = ['came 0', 'taken 0'];
const second = ['came 1', 'taken 1'];
const third = ['came 2', 'taken 2'];

test('events that come once each in their order are as they should be', () => {
  assert.deepEqual(judgeDeliveries(happened(...first, ...second, ...third), expected), []);
});

test('an event that is tried until it is taken, and one that is refused, are as they should be', () => {
  const record = happened('came 0', 'came 0', 'taken 0', 'came 1', 'refused 1', ...third);
  assert.deepEqual(judgeDeliveries(record, expected), []);
});

test('an event that never came is lost', () => {
  assert.deepEqual(judgeDeliveries(happened(...first, ...second), expected), [
    'event 2 of u is lost: it never came',
  ]);
});

test('an event that came and was neither taken nor refused is lost', () => {
  assert.deepEqual(judgeDeliveries(happened(...first, ...second, 'came 2'), expected), [
    'event 2 of u is lost: tried in vain',
  ]);
});

test('what has not come yet is not lost while there is time', () => {
  assert.deepEqual(judgeDeliveries(happened(...first), { ...expected, all: false }), []);
});

test('two events of one user that changed places are told', () => {
  assert.deepEqual(judgeDeliveries(happened(...first, ...third, ...second), expected), [
    'event 2 of u overtook event 1',
  ]);
});

test('an event that comes while the one before it is still to be repeated has overtaken it', () => {
  const record = happened('came 0', ...second, 'came 0', 'taken 0', ...third);
  assert.deepEqual(judgeDeliveries(record, expected), ['event 1 of u overtook event 0']);
});

test('an event that was taken, or refused, and comes again is doubled', () => {
  const record = happened(...first, 'came 0', 'came 1', 'refused 1', 'came 1', ...third);
  assert.deepEqual(judgeDeliveries(record, expected), [
    'event 0 of u came again after its last answer',
    'event 1 of u came again after its last answer',
  ]);
});

test('an event that is tried without end is told once', () => {
  const record = happened(...Array.from({ length: 9 }, () => 'came 0'), 'taken 0');
  assert.deepEqual(judgeDeliveries([...record, ...happened(...second, ...third)], expected), [
    'event 0 of u was tried over 4 times',
  ]);
});

test('a first arrival is late beyond the bound, a further try is not', () => {
  const [came, taken] = happened(...first);
  assert.ok(came && taken);
  const rest = happened(...second, ...third);
  const late = [{ ...came, age: 1_001 }, taken, ...rest];
  assert.deepEqual(judgeDeliveries(late, expected), [
    'event 0 of u came 1001 ms after it was sent',
  ]);
  const repeated = [came, { ...came, age: 9_000 }, taken, ...rest];
  assert.deepEqual(judgeDeliveries(repeated, expected), []);
});

test('an event that nobody sent is told', () => {
  const record = happened(...first, ...second, ...third, 'came 3', 'taken 3');
  assert.deepEqual(judgeDeliveries(record, expected), ['event 3 of u was never sent']);
});

test('of many faults of one kind a few are told and the rest counted', () => {
  const sent = new Map([['u', 8]]);
  const sentences = judgeDeliveries([], { ...expected, sent });
  assert.equal(sentences.length, 6);
  assert.equal(sentences.at(-1), 'and 3 more such');
});
