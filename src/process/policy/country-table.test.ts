import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CountryTable } from './country-table.ts';
import { makeCountryTable } from './make-country-table.ts';

const tableOf = (...lines: readonly string[]) => new CountryTable(makeCountryTable(lines));

test('an address lies in the range it begins, ends or stands in, and nowhere between ranges', () => {
  const table = tableOf('203.0.113.0,203.0.113.127,DE', '203.0.113.129,203.0.113.255,FR');
  assert.equal(table.country('203.0.113.0'), 'DE');
  assert.equal(table.country('203.0.113.127'), 'DE');
  assert.equal(table.country('203.0.113.128'), undefined);
  assert.equal(table.country('203.0.113.200'), 'FR');
  assert.equal(table.country('203.0.114.0'), undefined);
  assert.equal(table.country('203.0.112.255'), undefined);
  assert.equal(table.country('::ffff:203.0.113.5'), 'DE', 'in IPv6 clothes too');
});

test('IPv6 is told apart by its upper 64 bits', () => {
  const table = tableOf(
    '2001:db8::,2001:db8:0:ffff:ffff:ffff:ffff:ffff,JP',
    '2001:db9::,2001:db9::ffff,US',
  );
  assert.equal(table.country('2001:db8:0:1::7'), 'JP');
  assert.equal(table.country('2001:db8:1::'), undefined);
  assert.equal(table.country('2001:db9::1'), 'US');
});

test('the first and the last address of all can stand in a table', () => {
  const all = 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';
  const table = tableOf('0.0.0.0,255.255.255.255,AQ', `::,${all},AQ`);
  for (const address of ['0.0.0.0', '255.255.255.255', '::1', all]) {
    assert.equal(table.country(address), 'AQ');
  }
});

test('what is no address is in no country, nor is anything in an empty table', () => {
  const table = tableOf('0.0.0.0,255.255.255.255,AQ');
  for (const text of ['', 'localhost', '1.2.3', '1.2.3.4.5']) {
    assert.equal(table.country(text), undefined);
  }
  assert.equal(tableOf().country('1.2.3.4'), undefined);
  assert.equal(tableOf().country('2001:db8::1'), undefined);
});

test('lists come with commas or tabs, quotes, decimal numbers, comments and ranges of nobody', () => {
  const table = tableOf(
    '# a comment',
    '"16777216","16777471","AU"',
    '16777472\t16778239\tcn\tChina Telecom',
    '16778240,16779263,None',
    '1.0.16.0\t1.0.16.255\t2519\tJP\tVECTANT',
    '1.0.17.0\t1.0.17.255\t0\tNone\tNot routed',
    '16779264,16779519,ZZ',
    '42540766411282592856903984951653826560,42540766490510755371168322545197776895,NL',
    '',
  );
  assert.equal(table.country('1.0.0.7'), 'AU');
  assert.equal(table.country('1.0.1.7'), 'CN');
  assert.equal(table.country('1.0.4.7'), undefined);
  assert.equal(table.country('1.0.8.7'), undefined);
  assert.equal(table.country('1.0.16.7'), 'JP');
  assert.equal(table.country('1.0.17.7'), undefined);
  assert.equal(table.country('2001:db8::1'), 'NL');
});

test('of ranges that overlap the one that begins later holds, and then the other goes on', () => {
  const table = tableOf(
    '10.0.0.0,10.0.0.255,DE',
    '10.0.0.16,10.0.0.31,BE',
    '10.0.0.16,10.0.0.19,NL',
  );
  assert.equal(table.country('10.0.0.15'), 'DE');
  assert.equal(table.country('10.0.0.17'), 'NL');
  assert.equal(table.country('10.0.0.31'), 'BE');
  assert.equal(table.country('10.0.0.32'), 'DE');
  assert.equal(table.country('10.0.1.0'), undefined);
});

test('a line that is no range is named', () => {
  const error = { code: 'validation_error', message: /Line 2 / };
  for (const bad of ['hello', '1.2.3.4,::1,DE', '1.2.3.4', '1.2.3.4,x,DE']) {
    assert.throws(() => makeCountryTable(['1.0.0.0,1.0.0.255,AU', bad]), error);
  }
});

test('a file that is no table, or is cut, is refused', () => {
  const bytes = makeCountryTable(['1.0.0.0,1.0.0.255,AU']);
  for (const bad of [Buffer.alloc(0), Buffer.from('hello, this is no table'), bytes.subarray(1)]) {
    assert.throws(() => new CountryTable(Buffer.from(bad)), { code: 'config_invalid' });
  }
  assert.throws(() => new CountryTable(bytes.subarray(0, -1)), { code: 'config_invalid' });
});

test('any table of ranges says what a look through its lines says', () => {
  const range = fc.tuple(
    fc.integer({ min: 0, max: 60 }),
    fc.integer({ min: 1, max: 9 }),
    fc.constantFrom('AA', 'BB', 'CC'),
  );
  fc.assert(
    fc.property(fc.array(range, { maxLength: 12 }), (gaps) => {
      let next = 0;
      const ranges = gaps.map(([gap, length, country]) => {
        const from = next + gap;
        next = from + length;
        return { from, to: next - 1, country };
      });
      const table = tableOf(
        ...ranges.map(({ from, to, country }) => `${from},${to},${country}`).reverse(),
      );
      for (let value = 0; value <= next + 1; value++) {
        const expected = ranges.find(({ from, to }) => value >= from && value <= to)?.country;
        assert.equal(table.country(`0.0.${value >> 8}.${value & 255}`), expected);
      }
    }),
  );
});
