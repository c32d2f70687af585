import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeAddress } from './node-address.ts';

test('an address is found with or without brackets, port and zone; IPv4 in IPv6 clothes is IPv4', () => {
  const cases = [
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:4711', '192.0.2.1'],
    [' 2001:db8::1 ', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['[2001:db8::1]:_port', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['[::FFFF:192.0.2.1]:80', '192.0.2.1'],
  ] as const;
  for (const [text, address] of cases) assert.equal(nodeAddress(text), address, text);
});

test('what is no address is none', () => {
  const texts = [
    '',
    'unknown',
    '_hidden',
    '_SEVKISEK:80',
    'example.com',
    '1.2.3',
    '[',
    '[]',
    '[::1',
  ];
  for (const text of [...texts, '1.2.3.4.5', '1.2.3.4:"', '999.1.1.1', "::1';drop", '<script>'])
    assert.equal(nodeAddress(text), undefined, text);
});
