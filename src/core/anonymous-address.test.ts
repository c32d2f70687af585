import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anonymousAddress } from './anonymous-address.ts';

test('an anonymous IPv4 address ends in zero', () => {
  assert.equal(anonymousAddress('203.0.113.77'), '203.0.113.0');
  assert.equal(anonymousAddress(' 10.1.2.3 '), '10.1.2.0');
});

test('of an anonymous IPv6 address the first 48 bits are left', () => {
  assert.equal(anonymousAddress('2001:db8:85a3:8d3:1319:8a2e:370:7348'), '2001:db8:85a3::');
  assert.equal(anonymousAddress('2001:db8::1'), '2001:db8::');
  assert.equal(anonymousAddress('2001:0:0:1::1'), '2001::');
  assert.equal(anonymousAddress('fe80::1%eth0'), 'fe80::');
  assert.equal(anonymousAddress('::1'), '::');
});

test('an IPv4 address in IPv6 clothes is anonymised as IPv4', () => {
  assert.equal(anonymousAddress('::ffff:203.0.113.77'), '203.0.113.0');
  assert.equal(anonymousAddress('::ffff:cb00:714d'), '203.0.113.0');
});

test('what is no address has no anonymous form', () => {
  for (const text of ['', 'unknown', '1.2.3', '203.0.113.77, 10.0.0.1', '2001:db8']) {
    assert.equal(anonymousAddress(text), undefined);
  }
});
