import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fingerprints } from './fingerprint.ts';

const secret = (fill: number) => new Uint8Array(16).fill(fill);

function of(fingerprints: Fingerprints, source: string, id: string): string {
  const out = new Uint32Array(2);
  fingerprints.write(source, id, out, 0);
  return `${out[0]}.${out[1]}`;
}

test('ids, sources and secrets that differ give fingerprints that differ', () => {
  const one = new Fingerprints(secret(1));
  const ids = ['', 'a', 'b', 'aa', 'a\u0000', '\u00e9', 'e\u0301', '\u0101', '\u0001\u0001'];
  ids.push('\u{1f600}', '\ud800', '\ud801');
  const all = ids.flatMap((id) => [of(one, 's1', id), of(one, 's2', id)]);
  assert.equal(new Set(all).size, all.length);
  assert.notEqual(of(one, 's1', 'a'), of(new Fingerprints(secret(2)), 's1', 'a'));
});

test('a fingerprint does not depend on what was hashed before', () => {
  const used = new Fingerprints(secret(1));
  const ids = ['x'.repeat(100), 'abc', 'ä'.repeat(1_000), 'abcdefgh', 'abcdefghi', 'ü'];
  for (const id of ids) of(used, 'other', id);
  for (const id of ids) assert.equal(of(used, 's', id), of(new Fingerprints(secret(1)), 's', id));
});
