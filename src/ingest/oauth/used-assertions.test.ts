import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../core/limits.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { type AssertionFile, UsedAssertions } from './used-assertions.ts';

/** A file in memory. */
function memoryFile(lines: string[] = []): AssertionFile & { readonly lines: string[] } {
  return {
    lines,
    read: () => [...lines],
    append: (line) => void lines.push(line),
    replace: (next) => void lines.splice(0, lines.length, ...next),
  };
}

const inAMinute = (clock: ManualClock) => clock.now() / 1000 + 60;

test('an assertion is used once by its app and jti together', () => {
  const clock = new ManualClock();
  const used = new UsedAssertions(clock, undefined);
  const use = (app: string, jti: string) => used.use(app, jti, inAMinute(clock));
  assert.deepEqual(
    [use('a', '1'), use('a', '1'), use('b', '1'), use('a', '2'), use('b', '1')],
    ['fresh', 'used', 'fresh', 'fresh', 'used'],
  );
});

test('it is remembered for as long as it might be accepted, then forgotten', () => {
  const clock = new ManualClock();
  const file = memoryFile();
  const used = new UsedAssertions(clock, file);
  const expiresAt = inAMinute(clock);
  used.use('a', '1', expiresAt);
  clock.advance((60 + limits.assertionSkewSeconds) * 1_000);
  assert.equal(used.use('a', '1', expiresAt), 'used');
  clock.advance(1_000);
  assert.equal(used.use('a', '1', expiresAt), 'fresh');
});

test('the next process knows what this one was told, and nothing that it need not', () => {
  const clock = new ManualClock();
  const file = memoryFile();
  const early = inAMinute(clock);
  new UsedAssertions(clock, file).use('a', 'early', early);
  clock.advance(40_000);
  const late = inAMinute(clock);
  new UsedAssertions(clock, file).use('a', 'late', late);
  clock.advance(31_000);
  file.lines.push('', 'torn 1', `${Math.ceil(late)} tor`);
  const next = new UsedAssertions(clock, file);
  assert.equal(next.use('a', 'late', late), 'used');
  assert.equal(file.lines.length, 1, 'what has expired or is torn is gone from the file');
  assert.equal(next.use('a', 'new', inAMinute(clock)), 'fresh');
  assert.equal(file.lines.length, 2);
});

test('the file is read at the first use, not before', () => {
  const read = () => assert.fail('read');
  const used = new UsedAssertions(new ManualClock(), { ...memoryFile(), read });
  assert.throws(() => used.use('a', '1', 1), /read/);
});

test('the file does not grow beyond what is remembered and one round of additions', () => {
  const clock = new ManualClock();
  const file = memoryFile();
  const used = new UsedAssertions(clock, file);
  let longest = 0;
  for (let index = 0; index < 3 * limits.assertionsAppended; index++) {
    clock.advance(100);
    assert.equal(used.use('a', String(index), inAMinute(clock)), 'fresh');
    longest = Math.max(longest, file.lines.length);
  }
  assert(longest <= limits.assertionsAppended + 1_000, String(longest));
});

test('no more are remembered than the bound says, and then none is taken', () => {
  const clock = new ManualClock();
  const used = new UsedAssertions(clock, undefined);
  const expiresAt = inAMinute(clock);
  for (let index = 0; index < limits.assertionsKept; index++) used.use('a', `${index}`, expiresAt);
  assert.equal(used.use('a', 'more', expiresAt), 'full');
  assert.equal(used.use('a', '0', expiresAt), 'used');
  clock.advance(72_000);
  assert.equal(used.use('a', 'more', inAMinute(clock)), 'fresh');
});

test('an assertion whose use could not be kept counts as used', () => {
  const file = memoryFile();
  const clock = new ManualClock();
  const used = new UsedAssertions(clock, { ...file, append: () => assert.fail('no room') });
  assert.throws(() => used.use('a', '1', inAMinute(clock)), /no room/);
  assert.equal(used.use('a', '1', inAMinute(clock)), 'used');
});
