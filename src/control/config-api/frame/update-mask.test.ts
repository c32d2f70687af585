import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { maskedFlag, maskedText, readMasked } from './update-mask.ts';

const fields = ['enabled', 'config', 'title'] as const;
const read = (body: Record<string, unknown>) => [...readMasked(body, 'thing', fields)];

describe('an update mask', () => {
  const thing = { enabled: true, title: 'New' };

  it('is read in each place and form that documents and clients use', () => {
    for (const mask of [
      { update_mask: { paths: ['thing.enabled', 'thing.title'] } },
      { update_mask: { paths: ['enabled', 'title'] } },
      { update_mask: ['thing.enabled', 'title'] },
      { update_mask: 'thing.enabled,title' },
      { update_mask: { paths: 'thing.enabled, thing.title' } },
      { updateMask: { paths: ['enabled', 'title'] } },
      { thing: { ...thing, update_mask: { paths: ['thing.enabled', 'title'] } } },
    ]) {
      assert.deepEqual(
        read({ thing, ...mask }),
        [
          ['enabled', true],
          ['title', 'New'],
        ],
        JSON.stringify(mask),
      );
    }
  });

  it('resets a field that it names and that has no value, also where the resource is left out', () => {
    const reset = [['enabled', undefined]];
    assert.deepEqual(read({ thing: {}, update_mask: { paths: ['thing.enabled'] } }), reset);
    assert.deepEqual(read({ thing: { enabled: null }, update_mask: 'enabled' }), reset);
    assert.deepEqual(read({ update_mask: 'thing.enabled' }), reset);
    const masked = readMasked({ update_mask: 'enabled,title' }, 'thing', fields);
    assert.equal(maskedFlag(masked, 'thing', 'enabled'), false);
    assert.equal(maskedText(masked, 'thing', 'title'), '');
  });

  it('leaves out a value that it does not name; without one nothing is changed', () => {
    assert.deepEqual(read({ thing, update_mask: { paths: ['title'] } }), [['title', 'New']]);
    assert.deepEqual(read({ thing }), []);
    assert.deepEqual(read({ thing, update_mask: { paths: [] } }), []);
    assert.deepEqual(read({ thing, update_mask: '' }), []);
  });

  it('refuses a path that is no field, and a mask that is no list of paths', () => {
    for (const mask of ['thing.name', { paths: ['other.enabled'] }, ['thing.config.x']]) {
      assert.throws(() => read({ thing, update_mask: mask }), /is not one of \[thing\.enabled/);
    }
    for (const mask of [[7], { paths: 7 }, { paths: [{}] }]) {
      assert.throws(() => read({ thing, update_mask: mask }), /must be a list of paths/);
    }
  });
});
