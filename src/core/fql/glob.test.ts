import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileGlob } from './glob.ts';

const fits = (text: string, pattern: string) => compileGlob(pattern)?.(text);

test('a pattern is held against the whole text, and case counts', () => {
  assert.equal(fits('abc', 'abc'), true);
  assert.equal(fits('abcd', 'abc'), false);
  assert.equal(fits('Abc', 'abc'), false);
  assert.equal(fits('', ''), true);
  assert.equal(fits('', '*'), true);
  assert.equal(fits('a', '?'), true);
  assert.equal(fits('', '?'), false);
});

test('stars take as much as is needed, also several', () => {
  assert.equal(fits('a/b/c.js', '*/*.js'), true);
  assert.equal(fits('mississippi', 'm*iss*ip*'), true);
  assert.equal(fits('mississippi', 'm*iss*ix*'), false);
  assert.equal(fits('aab', '*ab'), true);
});

test('sets hold characters and ranges, escapes and negations', () => {
  assert.equal(fits('b', '[a-c]'), true);
  assert.equal(fits('-', '[a-]'), true);
  assert.equal(fits('d', '[^a-c]'), true);
  assert.equal(fits(']', '[]]'), true);
  assert.equal(fits(']', '[\\]]'), true);
  assert.equal(fits('*', '\\*'), true);
  assert.equal(fits('x', '\\*'), false);
  assert.equal(fits('😀', '?'), true);
});

test('a bracket or an escape that does not end makes no pattern', () => {
  for (const pattern of ['[', '[a', '[a-', 'a\\', '[^', '[\\']) {
    assert.equal(compileGlob(pattern), undefined, pattern);
  }
});

test('a pattern that would send an expression of another kind astray ends in its own time', () => {
  assert.equal(fits('a'.repeat(20_000), `${'*a'.repeat(50)}b`), false);
});
