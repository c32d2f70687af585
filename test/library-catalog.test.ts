import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readLibraryDestinations } from '../src/destinations/library/library-destinations.ts';
import { partnerCredentials } from '../src/destinations/library/partner-credentials.ts';
import { repository } from './rig/repository.ts';
import { describeLibrary } from './vendored/action-destinations/describe-library.ts';
import { insideSegment } from './vendored/action-destinations/inside-segment.ts';

const folder = join(repository, 'vendor', 'action-destinations');
const installed = join(repository, 'node_modules', '@segment', 'action-destinations', 'dist');

test('the catalogue of the library is what the installed package says', () => {
  const wanted = describeLibrary();
  assert.deepEqual(readdirSync(folder).sort(), [...wanted.keys()].sort());
  for (const [name, text] of wanted) {
    const how = 'run bin/run --dev test/vendored/refresh-action-destinations.ts';
    assert(readFileSync(join(folder, name), 'utf8') === text, `${name} is not current: ${how}`);
  }
});

test('all 214 kinds are there, with ids, slugs and names of their own, actions and whole presets', async () => {
  const kinds = await readLibraryDestinations();
  assert.equal(kinds.length, 214);
  for (const key of ['id', 'slug', 'name'] as const) {
    assert.equal(new Set(kinds.map((kind) => kind[key])).size, kinds.length, key);
  }
  const ids = new Set<string>();
  let [actionCount, fieldCount, presetCount] = [0, 0, 0];
  for (const kind of kinds) {
    assert.match(kind.id, /^[0-9a-f]{24}$/);
    assert(kind.description !== '' && kind.supports.length > 0, kind.name);
    const { actions, presets } = kind.readActions();
    assert(actions.length > 0, kind.name);
    const own = new Set(actions.map(({ id }) => id));
    for (const { id, fields } of actions) {
      for (const one of [id, ...fields.map((field) => field.id)]) ids.add(one);
    }
    for (const { actionId, trigger } of presets) {
      assert(own.has(actionId) && trigger !== '', `${kind.name}: ${actionId}`);
    }
    actionCount += actions.length;
    fieldCount += actions.reduce((sum, { fields }) => sum + fields.length, 0);
    presetCount += presets.length;
  }
  assert.deepEqual([actionCount, fieldCount], [601, 5_873]);
  assert.equal(ids.size, actionCount + fieldCount);
  assert.equal(presetCount, 539);
});

test('where the environment has credentials of the operator, nothing is in the way of their destination', async () => {
  const slug = 'actions-facebook-conversions-api';
  const of = async (given: readonly string[]) =>
    (await readLibraryDestinations(given)).find((kind) => kind.slug === slug)?.obstacle;
  assert.match(String(await of([])), /ACTIONS_FB_CAPI_SYSTEM_USER_TOKEN/);
  assert.match(String(await of(['SALESFORCE_CLIENT_ID'])), /partners/);
  assert.equal(await of(['ACTIONS_FB_CAPI_SYSTEM_USER_TOKEN']), undefined);
});

test('who needs credentials of a partner is found in the code of the package, and says so', async () => {
  const kinds = await readLibraryDestinations();
  const credentials =
    /process(?:\?)?\.env(?:\?)?\.(\w*(?:SECRET|TOKEN|CLIENT_ID|API_KEY\w*|EXTERNAL_ID))\b/g;
  const named = new Map<string, Set<string>>();
  for (const path of readdirSync(join(installed, 'destinations'), { recursive: true })) {
    const [directory = ''] = String(path).split('/');
    if (!/\.js$/.test(String(path)) || /__tests?__|tests?\b|\.test\./.test(String(path))) continue;
    const text = readFileSync(join(installed, 'destinations', String(path)), 'utf8');
    for (const [, name = ''] of text.matchAll(credentials)) {
      named.set(directory, (named.get(directory) ?? new Set()).add(name));
    }
  }
  // It passes a block that only Segment's own addresses meet.
  named.delete('engage-messaging-sendgrid');
  // Only its own tests set it.
  for (const directory of ['ortto', 'ortto-audiences']) named.delete(directory);
  assert(named.size >= 14);
  for (const [directory, names] of named) {
    const listed = partnerCredentials[directory] ?? [];
    assert(
      listed.some((name) => names.has(name)),
      `${directory} uses ${[...names].join(', ')}`,
    );
  }
  const obstructed = kinds.filter(({ obstacle }) => obstacle !== undefined);
  assert.equal(obstructed.length, Object.keys(partnerCredentials).length + insideSegment.size);
  for (const { description, obstacle } of obstructed) {
    assert(obstacle !== undefined && description.endsWith(obstacle));
  }
});
