import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyList } from './key-list.ts';
import { packKeys, unpackKeys } from './seen-record.ts';

test('keys survive packing in 13 bytes, a time out of range as the nearest that fits', () => {
  const keys = new KeyList(1);
  const now = Date.parse('2026-11-20T10:00:00.123Z');
  keys.push(0xffff_ffff, 0x8000_0001, now);
  keys.push(1, 2, Date.parse('1999-01-01T00:00:00Z'));
  keys.push(3, 4, Date.parse('9999-01-01T00:00:00Z'));
  const body = packKeys(keys);
  assert.equal(body.length, 3 * 13);
  const read: number[][] = [];
  unpackKeys(body, (...key) => read.push(key));
  assert.deepEqual(read, [
    [0xffff_ffff, 0x8000_0001, now],
    [1, 2, Date.UTC(2020, 0, 1)],
    [3, 4, Date.UTC(2020, 0, 1) + 2 ** 40 - 1],
  ]);
});
