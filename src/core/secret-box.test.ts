import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  createSecretBox,
  isSealed,
  openJsonSettings,
  openSettings,
  sealSettings,
} from './secret-box.ts';

const box = createSecretBox('a long text that nobody can guess');

it('a sealed secret opens with its key and its owner only, and never looks twice the same', () => {
  const sealed = box.seal('geheim ✓', 'd1');
  assert(isSealed(sealed));
  assert(!sealed.includes('geheim'));
  assert.notEqual(box.seal('geheim ✓', 'd1'), sealed);
  assert.equal(box.open(sealed, 'd1'), 'geheim ✓');
  assert.equal(box.open(sealed, 'd2'), undefined);
  assert.equal(createSecretBox('another long text, also secret').open(sealed, 'd1'), undefined);
});

it('a damaged or shortened secret does not open', () => {
  const sealed = box.seal('secret', 'd1');
  const flipped = sealed.slice(0, -2) + (sealed.at(-2) === 'A' ? 'B' : 'A') + sealed.slice(-1);
  assert.equal(box.open(flipped, 'd1'), undefined);
  for (const length of [0, 9, 20, 40])
    assert.equal(box.open(sealed.slice(0, length), 'd1'), undefined);
});

it('of settings only the secret ones are sealed, each once, and all come back', () => {
  const settings = { apiKey: 'k', region: 'eu', empty: '', list: ['apiKey'] };
  const sealed = sealSettings(box, settings, 'd1', new Set(['apiKey', 'empty', 'list']));
  assert.deepEqual({ ...sealed, apiKey: 'k' }, settings);
  assert(isSealed(sealed['apiKey']));
  assert.deepEqual(sealSettings(box, sealed, 'd1', new Set(['apiKey'])), sealed);
  assert.deepEqual(openSettings(box, sealed, 'd1'), settings);
  assert.deepEqual(openSettings(box, sealed, 'other'), {
    region: 'eu',
    empty: '',
    list: ['apiKey'],
  });
});

it('settings of functions are opened with the type they had', () => {
  const seal = (value: unknown) => box.seal(JSON.stringify(value), 'owner');
  const settings = { text: seal('a'), list: seal(['b']), map: seal({ c: 'd' }), open: 'e' };
  assert.deepEqual(openJsonSettings(box, settings, 'owner'), {
    text: 'a',
    list: ['b'],
    map: { c: 'd' },
    open: 'e',
  });
  assert.deepEqual(openJsonSettings(box, settings, 'another'), { open: 'e' });
});
