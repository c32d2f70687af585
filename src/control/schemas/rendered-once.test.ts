import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler';
import type { JsonObject } from '../../core/json.ts';
import { compileRendered, renderedOnce } from './rendered-once.ts';
import { Type } from './type.ts';

const Kind = Type.Object({ name: Type.String(), note: Type.Optional(Type.String()) });
const Item = Type.Object({ id: Type.String(), kind: renderedOnce(Kind) });
const List = Type.Object({ data: Type.Object({ items: Type.Array(Item), first: Item }) });

/** With Fastify's own compiler; counts the objects that it was made to write as a kind. */
function compiled(schema: object) {
  const written = { kinds: 0 };
  const serialize = compileRendered(schema, (part: JsonObject) => {
    const write = SerializerSelector()({}, {})({
      ...{ method: 'GET', url: '/', httpStatus: '200' },
      schema: part,
    });
    const isKind = JSON.stringify(part) === JSON.stringify(Kind);
    return (data) => {
      if (isKind) written.kinds += 1;
      return write(data);
    };
  });
  return { serialize, written };
}

test('an object that stands in an answer many times is written once, for this answer and the next', () => {
  const { serialize, written } = compiled(List);
  const kind = { name: 'a "quoted" name', secret: 'not declared' };
  const other = { name: 'other' };
  const items = [kind, other, kind].map((one, index) => ({ id: String(index), kind: one }));
  const answer = { data: { items, first: { id: 'x', kind } } };
  const said = { name: 'a "quoted" name' };
  const expected = {
    items: [
      { id: '0', kind: said },
      { id: '1', kind: other },
      { id: '2', kind: said },
    ],
    first: { id: 'x', kind: said },
  };
  assert.deepEqual(JSON.parse(serialize(answer)), { data: expected });
  assert.deepEqual(JSON.parse(serialize(answer)), { data: expected });
  assert.equal(written.kinds, 2);
  assert.equal(items[0]?.kind, kind, 'what was answered stays as it is');
});

test('a text that looks like the place of a written part is a text', () => {
  const { serialize } = compiled(List);
  const item = { id: '\0' + '0', kind: { name: '"\0' + '1"', note: '$&' } };
  const answer = { data: { items: [item], first: item } };
  assert.deepEqual(JSON.parse(serialize(answer)), answer);
});

test('without a marked part, and without its value, an answer is what the compiler makes of it', () => {
  const plain = compiled(Type.Object({ data: Kind }));
  assert.equal(plain.serialize({ data: { name: 'a', more: 1 } }), '{"data":{"name":"a"}}');
  const optional = Type.Object({ kind: Type.Optional(renderedOnce(Kind)), id: Type.String() });
  assert.deepEqual(JSON.parse(compiled(optional).serialize({ id: 'a' })), { id: 'a' });
});
