import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../json.ts';
import { compileCondition, compileFql } from './compile-fql.ts';
import { noValue } from './fql-functions.ts';

const event: JsonObject = {
  type: 'track',
  event: 'Button Clicked',
  userId: 'u1',
  context: { library: { name: 'analytics.js', version: '1.2.3' }, path: { path: '/home' } },
  traits: { email: 'a@company.com' },
  properties: {
    features: ['dark-mode', 'beta'],
    'product 1': { price: '19.99' },
    title: 'Hello World',
    enabled: true,
    n: 5,
    nothing: null,
    products: [{ price: 3 }],
    'a.b': 1,
  },
};

function value(text: string, of: JsonObject = event) {
  const compiled = compileFql(text);
  assert(compiled.ok, `${text}: ${compiled.ok || compiled.problem.message}`);
  return compiled.run(of);
}

/** Every expression of Segment's pages on FQL and destination filters, with the results they state. */
const documented: readonly (readonly [text: string, result: boolean])[] = [
  ["event = 'Button Clicked'", true],
  ["event = 'Screen Tapped'", false],
  ["context.path.path = '/login'", false],
  ["type = 'identify' or type = 'track'", true],
  ["event = 'Button Clicked' and type = 'track'", true],
  ["match( context.library.version, '1.*' )", true],
  ["match( context.library.version, '2.*' )", false],
  ["type = 'track' and ( event = 'Click' or match( event, 'Button *' ) )", true],
  ["!contains( context.library.name, 'js' )", false],
  ["'dark-mode' in properties.features", true],
  ["'blink' in properties.features", false],
  ["properties.product\\ 1.price = '19.99'", true],
  [
    "( type = 'track' or type = 'identify' ) and ( properties.enabled or match( traits.email, '*@company.com' ) )",
    true,
  ],
  ["!( type in ['track', 'identify'] )", false],
  ['length( userId ) < 1', false],
  ['length( userId ) > 0', true],
  ['length( properties.missing ) = 0', true],
  ["lowercase( event ) = 'button clicked'", true],
  ["uppercase( event ) = 'BUTTON CLICKED'", true],
  ["snakecase( properties.title ) = 'Hello_World'", true],
  ["typeof( properties.features ) = 'list'", true],
  ["typeof( properties.missing ) = 'null'", true],
  ["typeof( properties.enabled ) = 'bool'", true],
  ["match( 'abcd', 'a*d' )", true],
  ["match( 'abc', 'ab' )", false],
  ["match( 'abcd', 'a??d' )", true],
  ["match( 'ab*d', 'ab\\*d' )", true],
  ["match( 'abCd', 'ab[cC]d' )", true],
  ["match( 'abcd', 'ab[A-Z]d' )", false],
  ["contains( properties.missing, 'x' )", false],
  ['properties.n > 4', true],
  ['properties.missing != null', false],
  ["properties.n = '5'", false],
  ["string( properties.n ) = '5'", true],
  ['number( properties.product\\ 1.price ) > 19', true],
  ["length( 'ア' ) = 3", true],
];

describe('FQL', () => {
  for (const [text, result] of documented) {
    it(`says ${result} of ${text}`, () => assert.equal(value(text), result));
  }

  it('refuses the documented expression that is wrong, with its position', () => {
    assert.deepEqual(compileFql('userId = oops"'), {
      ok: false,
      problem: { position: 13, message: 'the text in quotes does not end' },
    });
  });

  it('compares types strictly, and lists and objects by what is in them', () => {
    assert.equal(value("1 = '1'"), false);
    assert.equal(value("1 != '1'"), true);
    assert.equal(value("properties.features = ['dark-mode', 'beta']"), true);
    assert.equal(value("properties.features = ['beta', 'dark-mode']"), false);
    assert.equal(value('properties.products.0 = properties.products.0'), true);
    assert.equal(value('context = traits'), false);
    assert.equal(value('properties.missing = properties.nothing'), true);
  });

  it('takes null for false, and for neither more nor less than a number', () => {
    assert.equal(value("properties.missing and type = 'track'"), false);
    assert.equal(value("properties.missing or type = 'track'"), true);
    assert.equal(value('!properties.missing'), true);
    assert.equal(value('properties.missing < 1'), false);
    assert.equal(value('properties.missing >= 0'), false);
    assert.equal(value("'x' in properties.missing"), false);
    assert.equal(value('properties.missing in [null]'), true);
    assert.equal(compileOk('properties.missing')(event), false);
  });

  it('gives null from functions of null, but 0 as a length and false as a test', () => {
    const names = ['lowercase', 'uppercase', 'snakecase', 'kebabcase', 'titlecase'];
    for (const name of [...names, 'bool', 'string', 'number']) {
      assert.equal(value(`${name}(properties.missing)`), null, name);
    }
    assert.equal(value('length(null)'), 0);
    assert.equal(value("match(null, '*')"), false);
    assert.equal(value("match('a', null)"), false);
    assert.equal(value("contains('a', null)"), false);
  });

  it('has no value where types do not fit, and stops at the part that decides', () => {
    for (const text of [
      "'5' > 4",
      "contains(5, 'x')",
      'length(5)',
      'length(properties)',
      "'x' in 'xyz'",
      "['a'] in ['a']",
      'lowercase(properties.features)',
      "!'text'",
      "'text' and true",
      'true and 1',
      "match('a', '[')",
      "number('five')",
      "bool('perhaps')",
      'string(properties)',
      "[number('x')]",
      'length(lowercase(5)) = 0',
    ]) {
      assert.equal(value(text), noValue, text);
    }
    assert.equal(value('false and 1'), false);
    assert.equal(value('true or 1'), true);
    assert.equal(compileOk("'5' > 4")(event), undefined);
    assert.equal(compileOk('event')(event), undefined);
  });

  it('converts: bool, string and number', () => {
    assert.equal(value("bool('true')"), true);
    assert.equal(value('bool(0)'), false);
    assert.equal(value('string(true)'), 'true');
    assert.equal(value("number('1e3')"), 1000);
    assert.equal(value('number(true)'), 1);
  });

  it('words texts: spaces become _ or -, words begin large', () => {
    assert.equal(value("kebabcase('a b  C')"), 'a-b--C');
    assert.equal(value("snakecase('aB cD')"), 'aB_cD');
    assert.equal(value("titlecase('hello  wide world')"), 'Hello  Wide World');
    assert.equal(value('typeof(properties)'), 'object');
  });

  it('enters objects and lists by keys, and finds nothing inherited', () => {
    assert.equal(value('properties.products.0.price'), 3);
    assert.equal(value('properties.products.1.price'), null);
    assert.equal(value('properties.products.length'), null);
    assert.equal(value('properties.a\\.b'), 1);
    assert.equal(value('properties.constructor'), null);
    assert.equal(value('toString'), null);
    assert.equal(value('event.0'), null);
  });

  it('takes the word all for every event', () => {
    assert.equal(compileOk(' all ')({}), true);
  });
});

function compileOk(text: string) {
  const compiled = compileCondition(text);
  assert(compiled.ok, text);
  return compiled.run;
}
