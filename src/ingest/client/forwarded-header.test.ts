import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../core/testing/random.ts';
import { parseForwarded } from './forwarded-header.ts';

test('elements, pairs and quotes are read as RFC 7239 §4 writes them', () => {
  const cases = [
    ['for="_gazonk"', [{ for: '_gazonk' }]],
    ['For="[2001:db8:cafe::17]:4711"', [{ for: '[2001:db8:cafe::17]:4711' }]],
    [
      'for=192.0.2.60;proto=http;by=203.0.113.43',
      [{ for: '192.0.2.60', proto: 'http', by: '203.0.113.43' }],
    ],
    ['for=192.0.2.43, for=198.51.100.17', [{ for: '192.0.2.43' }, { for: '198.51.100.17' }]],
    ['for=a,for=b', [{ for: 'a' }, { for: 'b' }]],
    ['for="a\\"b,c;d"; host="x"', [{ for: 'a"b,c;d', host: 'x' }]],
    ['for=a;, ,for=b;', [{ for: 'a' }, { for: 'b' }]],
    ['', []],
  ] as const;
  for (const [text, elements] of cases) assert.deepEqual(parseForwarded(text), elements, text);
});

test('a malformed header is none: an unfinished quote would swallow what proxies append', () => {
  const texts = [
    'for="1.1.1.1, for=2.2.2.2',
    'for',
    'for=a b',
    '=a',
    'for=a"b"',
    'for=a=b',
    'for="\\',
  ];
  for (const text of texts) assert.equal(parseForwarded(text), undefined, text);
});

test('whatever comes, reading ends, and with elements or with nothing', () => {
  const seed = 7239;
  const roll = random(seed);
  const pieces = [
    'for',
    '=',
    '"',
    '\\',
    ';',
    ',',
    ' ',
    '1.2.3.4',
    '[::1]:8',
    'proto',
    'é',
    '\t',
    '__proto__',
  ];
  for (let round = 0; round < 5_000; round++) {
    const text = Array.from({ length: roll.between(0, 20) }, () => roll.pick(pieces)).join('');
    const elements = parseForwarded(text);
    assert.ok(elements === undefined || elements.length <= text.length, `seed ${seed}: ${text}`);
  }
});
