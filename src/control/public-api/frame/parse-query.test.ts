import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Type } from '../../schemas/type.ts';
import { parseQuery, typedQuery } from './parse-query.ts';
import { schemaJson } from './schema-json.ts';

const schema = schemaJson(
  Type.Object({
    groupBy: Type.Optional(Type.Array(Type.String())),
    rules: Type.Optional(
      Type.Array(Type.Object({ type: Type.String(), version: Type.Optional(Type.Integer()) })),
    ),
    filter: Type.Optional(Type.Object({ eventName: Type.Array(Type.String()) })),
    count: Type.Optional(Type.Number()),
    on: Type.Optional(Type.Boolean()),
  }),
);
const read = (text: string) => typedQuery(schema, parseQuery(text));

describe('a query string', () => {
  it('means the same list in every spelling of Segment’s clients', () => {
    const spellings = [
      'groupBy[0]=a&groupBy[1]=b',
      'groupBy%5B0%5D=a&groupBy%5B1%5D=b',
      'groupBy.0=a&groupBy.1=b',
      'groupBy=a,b',
      'groupBy=a&groupBy=b',
      'groupBy[]=a&groupBy[]=b',
    ];
    for (const text of spellings) assert.deepEqual(read(text), { groupBy: ['a', 'b'] }, text);
    assert.deepEqual(read('groupBy[1]=b&groupBy[0]=a'), { groupBy: ['a', 'b'] });
  });

  it('nests objects in lists and lists in objects', () => {
    assert.deepEqual(read('rules[0][type]=TRACK&rules[0][version]=1&rules[1][type]=PAGE'), {
      rules: [{ type: 'TRACK', version: 1 }, { type: 'PAGE' }],
    });
    assert.deepEqual(read('filter[eventName][0]=x'), { filter: { eventName: ['x'] } });
    assert.deepEqual(read('filter.eventName.0=x'), { filter: { eventName: ['x'] } });
  });

  it('gets its types from the schema; what does not fit stays for the validator to name', () => {
    assert.deepEqual(read('count=2&on=true'), { count: 2, on: true });
    assert.deepEqual(read('count=two&on=yes'), { count: 'two', on: 'yes' });
    assert.deepEqual(read('count=&filter=x'), { count: '', filter: 'x' });
  });

  it('reaches no prototype, drops what is not declared, and survives odd spellings', () => {
    assert.deepEqual(read('__proto__[on]=true&constructor.on=1&unknown=1'), {});
    assert.equal(Reflect.get({}, 'on'), undefined);
    for (const text of [
      '',
      '=',
      '[]=1',
      'a[b=1',
      '%',
      'count=1&count[x]=2',
      'count[x]=1&count=2',
    ]) {
      read(text);
    }
  });
});
