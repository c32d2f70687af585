import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusedTarget } from './target-guard.ts';

const privateOnes = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '100.64.0.1',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.0.9',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  '2001:db8::1',
  '2001::1',
  // The same addresses carried in IPv6: mapped, compatible, translated, NAT64, 6to4.
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '0:0:0:0:0:ffff:a00:1',
  '::127.0.0.1',
  '::ffff:0:127.0.0.1',
  '64:ff9b::10.0.0.1',
  '64:ff9b::a00:1',
  '2002:7f00:1::',
  '2002:c0a8:101::5',
];
const metadata = [
  '169.254.169.254',
  '169.254.0.1',
  '::ffff:169.254.169.254',
  '64:ff9b::169.254.169.254',
  '2002:a9fe:a9fe::1',
  'fd00:ec2::254',
  'fd00:0ec2:0:0:0:0:0:254',
];
const publicOnes = [
  '1.1.1.1',
  '8.8.8.8',
  '100.63.255.255',
  '100.128.0.1',
  '172.15.255.255',
  '172.32.0.1',
  '192.169.0.1',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001:81b::200e',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
  '2002:808:808::1',
];

for (const address of privateOnes) {
  test(`${address} is refused unless private targets are allowed`, () => {
    assert.match(refusedTarget(address, false) ?? '', /private or reserved/);
    assert.equal(refusedTarget(address, true), undefined);
  });
}

for (const address of metadata) {
  test(`${address} is refused whatever is allowed`, () => {
    assert.match(refusedTarget(address, false) ?? '', /metadata/);
    assert.match(refusedTarget(address, true) ?? '', /metadata/);
  });
}

for (const address of publicOnes) {
  test(`${address} may be reached`, () => assert.equal(refusedTarget(address, false), undefined));
}

test('what is not an address is refused', () => {
  for (const text of ['', 'localhost', '1.2.3', '1.2.3.4.5', 'fe80:::1', '::g']) {
    assert.match(refusedTarget(text, true) ?? '', /not an address/);
  }
});
