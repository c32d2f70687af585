import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../json.ts';
import { compileFilters } from './compile-filters.ts';
import type { FilterAction, FilterConfig } from './filter-config.ts';

const event = {
  type: 'track',
  messageId: 'm1',
  userId: 'u1',
  event: 'Clicked',
  context: { ip: '10.0.0.1', device: { id: 'd', model: 'x' } },
  properties: {
    price: 3,
    'a.b': 1,
    products: [{ price: 1, name: 'p' }, { name: 'q' }, 5],
    list: [1, 2],
  },
};

function filterOf(...actions: FilterAction[]) {
  return filterOfAll({ if: 'all', actions });
}

function filterOfAll(...filters: FilterConfig[]) {
  const compiled = compileFilters(filters);
  assert(compiled !== undefined);
  return compiled;
}

const never = () => 0.999;

describe('the filters of a destination', () => {
  it('are nothing at all when there are none', () => {
    assert.equal(compileFilters([]), undefined);
  });

  it('drop what meets their condition', () => {
    const { refuse, edit } = filterOfAll({ if: "event = 'Clicked'", actions: [{ type: 'DROP' }] });
    assert.equal(refuse(event, never), 'filtered_by_rules');
    assert.equal(refuse({ ...event, event: 'Other' }, never), undefined);
    assert.equal(edit, undefined);
  });

  it('drop what their condition has no truth value for, whatever they do', () => {
    for (const action of [
      { type: 'DROP' },
      { type: 'SAMPLE', percent: 1 },
      { type: 'DROP_PROPERTIES', fields: { properties: ['price'] } },
    ] as const) {
      for (const text of ["properties.price > 'x'", 'userId = oops"', 'event']) {
        const { refuse } = filterOfAll({ if: text, actions: [action] });
        assert.equal(refuse(event, never), 'filter_failed', text);
      }
    }
  });

  it('sample before they drop, and take properties before they allow some', () => {
    const both = filterOf({ type: 'DROP' }, { type: 'SAMPLE', percent: 0 });
    assert.equal(both.refuse(event, never), 'filtered_by_sampling');
    const properties = filterOf(
      { type: 'ALLOW_PROPERTIES', fields: { properties: ['price', 'list'] } },
      { type: 'DROP_PROPERTIES', fields: { properties: ['price'] } },
    );
    assert.deepEqual(properties.edit?.(event)['properties'], { list: [1, 2] });
  });

  it('hold every condition against the event as it came', () => {
    const { edit } = filterOfAll(
      { if: 'all', actions: [{ type: 'DROP_PROPERTIES', fields: { properties: ['price'] } }] },
      {
        if: 'properties.price = 3',
        actions: [{ type: 'DROP_PROPERTIES', fields: { properties: ['list'] } }],
      },
    );
    assert.deepEqual(Object.keys(edit?.(event)['properties'] ?? {}), ['a.b', 'products']);
  });

  it('sample at random without a path: all of 1, none of 0', () => {
    const half = filterOf({ type: 'SAMPLE', percent: 0.5 });
    assert.equal(
      half.refuse(event, () => 0.49),
      undefined,
    );
    assert.equal(
      half.refuse(event, () => 0.5),
      'filtered_by_sampling',
    );
    assert.equal(filterOf({ type: 'SAMPLE', percent: 1 }).refuse(event, never), undefined);
    assert.notEqual(
      filterOf({ type: 'SAMPLE', percent: 0 }).refuse(event, () => 0),
      undefined,
    );
  });

  it('sample by a path always alike, and about the share of the values', () => {
    const { refuse } = filterOf({ type: 'SAMPLE', percent: 0.3, path: 'userId' });
    const kept = (userId: JsonObject['x']) => refuse({ userId: userId ?? null }, never);
    const passed = Array.from({ length: 2_000 }, (_, index) => kept(`user-${index}`));
    const share = passed.filter((code) => code === undefined).length / passed.length;
    assert(share > 0.26 && share < 0.34, String(share));
    assert.deepEqual(
      passed.slice(0, 50),
      passed.slice(0, 50).map((_, n) => kept(`user-${n}`)),
    );
    // The first bytes of the MD5 of `"user-0"`, so that another node and version say the same.
    assert.equal(kept('user-0'), 'filtered_by_sampling');
    assert.equal(kept('user-5'), undefined);
  });

  it('take properties away, also from each item of a list, and leave the event as it was', () => {
    const before = structuredClone(event);
    const { edit } = filterOf({
      type: 'DROP_PROPERTIES',
      fields: {
        '': ['userId', 'nothing'],
        'context.device': ['id'],
        properties: ['a.b', 'list'],
        'properties.products': ['price'],
        'properties.price': ['x'],
        'traits.none': ['x'],
      },
    });
    assert.deepEqual(edit?.(event), {
      type: 'track',
      messageId: 'm1',
      event: 'Clicked',
      context: { ip: '10.0.0.1', device: { model: 'x' } },
      properties: { price: 3, products: [{ name: 'p' }, { name: 'q' }, 5] },
    });
    assert.deepEqual(event, before);
  });

  it('allow some properties of an object and no others, without touching other objects', () => {
    const { edit } = filterOf({
      type: 'ALLOW_PROPERTIES',
      fields: { 'context.device': ['model'], properties: ['price'] },
    });
    assert.deepEqual(edit?.(event), {
      ...event,
      context: { ip: '10.0.0.1', device: { model: 'x' } },
      properties: { price: 3 },
    });
  });

  it('never take what every destination counts on; a context may be emptied', () => {
    const { edit } = filterOf({ type: 'ALLOW_PROPERTIES', fields: { '': ['event'] } });
    assert.deepEqual(edit?.(event), {
      type: 'track',
      messageId: 'm1',
      event: 'Clicked',
      context: {},
    });
  });

  it('take a dot in a key by its escape, and a key called __proto__ for what it is', () => {
    const odd: JsonObject = JSON.parse('{"properties":{"x.y":{"a":1},"__proto__":{"a":1}}}');
    const fields = { 'properties.x\\.y': ['a'], 'properties.__proto__': ['a'] };
    const { edit } = filterOf({ type: 'DROP_PROPERTIES', fields });
    assert.equal(JSON.stringify(edit?.(odd)), '{"properties":{"x.y":{},"__proto__":{}}}');
  });
});
