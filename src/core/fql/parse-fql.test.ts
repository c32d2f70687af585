import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { random } from '../testing/random.ts';
import { compileCondition, compileNode } from './compile-fql.ts';
import { deviceCondition } from './device-condition.ts';
import { parseFql } from './parse-fql.ts';
import { printFql } from './print-fql.ts';
import { generateFql } from './testing/generate-fql.ts';

const seed = 20_261_121;

describe('the parser of FQL', () => {
  it(`reads from the printed text what was printed, for 500 expressions (seed ${seed})`, () => {
    const source = random(seed);
    for (let index = 0; index < 500; index += 1) {
      const expression = generateFql(source, 5);
      const text = printFql(expression);
      assert.deepEqual(parseFql(text), { ok: true, expression }, text);
      assert.doesNotThrow(() => compileNode(expression)({ event: 'x', properties: { a: [1] } }));
    }
  });

  it(`never throws, whatever stands there, and neither does what is compiled (seed ${seed})`, () => {
    const source = random(seed);
    const noise = [
      ...'()[]!=<>,.\\\'" abin05-_',
      'and',
      'or',
      'in',
      'length(',
      'null',
      '\u0000',
      'ü',
    ];
    for (let index = 0; index < 2_000; index += 1) {
      const printed = printFql(generateFql(source, 3));
      const at = source.between(0, printed.length);
      const text = printed.slice(0, at) + source.pick(noise) + printed.slice(source.between(0, at));
      assert.doesNotThrow(() => {
        const compiled = compileCondition(text);
        if (compiled.ok) compiled.run({ type: 'track' });
        else assert(compiled.problem.position <= text.length, text);
        deviceCondition(text);
      });
    }
  });

  it('says where it found what is wrong', () => {
    for (const [text, position, message] of [
      ['', 0, 'the end is not expected here'],
      ['type = ', 7, 'the end is not expected here'],
      ["type == 'x'", 6, '"=" is not expected here'],
      ["type = 'track' and", 18, 'the end is not expected here'],
      ['(type', 5, '")" is expected, not the end'],
      ["type in ['a' 'b']", 13, '"]" is expected, not the text "b"'],
      ['a = b = c', 6, '"=" is not expected here'],
      ["foo(type) = 'x'", 0, 'there is no function "foo"'],
      ['match(type)', 0, 'match() takes 2 values, not 1'],
      ["length(type, 'x')", 0, 'length() takes 1 value, not 2'],
      ['properties. = 1', 11, 'a key is expected after the "."'],
      ['and', 0, '"and" is not expected here'],
      ['properties.a b', 13, '"b" is not expected here'],
      ['a & b', 2, '"&" is not expected here'],
      ['n > 1e999', 4, 'the number is too large'],
      ['a\\', 1, 'nothing follows the "\\"'],
      ['a.b(1) = 2', 0, 'there is no function "a.b"'],
    ] as const) {
      assert.deepEqual(parseFql(text), { ok: false, problem: { position, message } }, text);
    }
  });

  it('refuses what is nested so deep that it could exhaust the stack', () => {
    for (const text of ['!'.repeat(5_000), '('.repeat(5_000), '['.repeat(5_000)]) {
      const parsed = parseFql(text);
      assert(!parsed.ok);
      assert.equal(parsed.problem.message, 'it is nested deeper than 100');
    }
    assert.equal(parseFql(Array.from({ length: 2_000 }, () => 'a').join(' or ')).ok, true);
  });

  it('binds ! before comparisons, these before and, and that before or', () => {
    const parsed = parseFql('!a = b or c and d');
    assert(parsed.ok);
    assert.equal(parsed.expression.kind, 'or');
    const bracketed = parseFql('((!a) = b) or (c and d)');
    assert.deepEqual(bracketed, parsed);
  });
});
