import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddressBlock } from './address-block.ts';

test('a block is an address with a prefix, and a single address one with all its bits', () => {
  const cases = [
    ['10.0.0.0/8', { address: '10.0.0.0', prefix: 8, family: 'ipv4' }],
    ['192.0.2.1', { address: '192.0.2.1', prefix: 32, family: 'ipv4' }],
    ['2001:db8::/32', { address: '2001:db8::', prefix: 32, family: 'ipv6' }],
    ['::1', { address: '::1', prefix: 128, family: 'ipv6' }],
    ['0.0.0.0/0', { address: '0.0.0.0', prefix: 0, family: 'ipv4' }],
  ] as const;
  for (const [text, block] of cases) assert.deepEqual(parseAddressBlock(text), block);
});

test('what is no block is none', () => {
  const texts = ['', 'proxy', '10.0.0', '10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/8/8'];
  for (const text of [...texts, '10.0.0.0/x', '10.0.0.0/-1', 'fe80::1%eth0', '[::1]', '1.2.3.4:5'])
    assert.equal(parseAddressBlock(text), undefined, text);
});
