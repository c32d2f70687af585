import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDeviceDestinations } from './device-destinations.ts';

test('each kind in the browser has a script, and presets that its actions can run', async () => {
  const kinds = await readDeviceDestinations();
  assert.ok(kinds.length >= 25);
  for (const { id, slug, name, bundle, chunks, actions, presets } of kinds) {
    assert.match(id, /^[0-9a-f]{24}$/);
    assert.ok(slug !== '' && name !== '', id);
    assert.match(bundle.path, /^[\w-]+\/[0-9a-f]{20}\.js$/);
    for (const { integrity } of [bundle, ...chunks]) assert.match(integrity, /^sha384-/, name);
    assert.ok(chunks.length <= 1);
    assert.ok(presets.length > 0, name);
    const slugs = actions.map((action) => action.slug);
    for (const preset of presets) {
      assert.ok(slugs.includes(preset.partnerAction), `${name}: ${preset.partnerAction}`);
      assert.ok(preset.name !== '' && preset.subscribe !== '');
    }
  }
  for (const key of ['id', 'slug', 'name'] as const) {
    assert.equal(new Set(kinds.map((kind) => kind[key])).size, kinds.length, key);
  }
});

test('settings are what Segment’s catalogue says: Google Analytics 4 needs its measurement id', async () => {
  const kinds = await readDeviceDestinations();
  const ga4 = kinds.find(({ slug }) => slug === 'actions-google-analytics-4-web');
  assert.equal(ga4?.id, '63ed446fe60a1b56c5e6f130');
  assert.equal(ga4.bundle.libraryName, 'google-analytics-4-webDestination');
  const options = new Map(ga4.options.map((option) => [option.name, option]));
  assert.partialDeepStrictEqual(options.get('measurementID'), { type: 'string', required: true });
  assert.partialDeepStrictEqual(options.get('cookieUpdate'), {
    ...{ type: 'boolean', required: false, defaultValue: true },
  });
});
