import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import type { JsonObject } from '../json.ts';
import { compileCondition } from './compile-fql.ts';
import { deviceCondition } from './device-condition.ts';

// Written for browsers.
Object.assign(globalThis, { self: globalThis });

/** The evaluator that analytics.js brings along. */
const clients: {
  matches(event: JsonObject, matcher: { type: string; ir: string }): boolean;
} = createRequire(import.meta.url)(
  '../../../node_modules/@segment/analytics-next/dist/cjs/vendor/tsub/tsub.js',
);

const events: readonly JsonObject[] = [
  { type: 'track', event: 'Clicked', userId: 'u', properties: { n: 5, s: 'Text', on: true } },
  { type: 'identify', userId: null, properties: { n: null, s: '', on: false } },
  { type: 'page', properties: { n: '5', list: ['a'] } },
  {},
];

describe('a condition on the device', () => {
  it('is judged there as here, also where something is missing', () => {
    for (const text of [
      "event = 'Clicked' and type = 'track'",
      "type in ['track', 'page']",
      "!(type in ['track', 'page'])",
      'length(userId) < 1',
      'length(userId) > 0',
      '0 = length(userId)',
      '3 > length(properties.s)',
      'length(properties.s) = 4',
      'properties.missing != null',
      'null = properties.n',
      'properties.n = null or properties.on',
      "lowercase(event) = 'clicked'",
      "match(event, 'Cl?ck*')",
      "!contains(properties.s, 'ex')",
      "typeof(properties.s) = 'string'",
      "typeof(properties.on) != 'bool'",
      "'null' = typeof(properties.n)",
      "typeof(properties.n) = 'number' and properties.n >= 5",
      'true',
      '!false',
      'null or true',
      'null = null',
      'properties.on = true',
      'all',
    ]) {
      const here = compileCondition(text);
      const there = deviceCondition(text);
      assert(here.ok && there.ok, `${text}: ${there.ok || there.problem}`);
      for (const event of events) {
        const said = clients.matches(event, there.matcher);
        assert.equal(said, here.run(event) ?? false, `${text} ${JSON.stringify(event)}`);
      }
    }
  });

  it('has the form of the clients', () => {
    assert.deepEqual(deviceCondition('event = \'X\' and type = "track"'), {
      ok: true,
      matcher: {
        type: 'fql',
        ir: '["and",["=","event",{"value":"X"}],["=","type",{"value":"track"}]]',
      },
    });
    assert.deepEqual(deviceCondition('all'), { ok: true, matcher: { type: 'all', ir: '' } });
  });

  it('is refused where they would judge otherwise', () => {
    for (const text of [
      "uppercase(event) = 'X'",
      'bool(properties.on)',
      'number(properties.s) > 1',
      "'a' in properties.list",
      'properties.n in [null, 5]',
      "typeof(properties.list) = 'list'",
      'properties.a\\.b = 1',
      "lowercase(snakecase(event)) = 'x'",
      '[true]',
      'type = ',
      'lowercase(event) = null',
      '(a = b) = (c = d)',
    ]) {
      const there = deviceCondition(text);
      assert(!there.ok, text);
      assert(there.problem.length > 0);
    }
  });
});
