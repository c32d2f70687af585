import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../src/core/clock.ts';
import { libraryDefinitions } from '../src/destinations/library/library-definitions.ts';
import {
  readLibraryDestinations,
  readLibraryEntries,
} from '../src/destinations/library/library-destinations.ts';
import { ownConnections } from '../src/destinations/library/own-connections.ts';
import { loadDestination } from '../src/destinations/library/package/library-package.ts';
import { actionsPage, actionsPagePath } from './library/actions-page.ts';
import { comparable, ownRequests } from './library/compare-stacks.ts';
import { completed } from './library/example-values.ts';
import { examples } from './library/examples.ts';
import { noTokens } from './library/no-tokens.ts';
import { packageManifest } from './library/package-manifest.ts';
import { tryExamples } from './library/try-examples.ts';
import { repository } from './rig/repository.ts';

const owner = { connection: 'c', subscriptions: [] };
const options = {
  clock: systemClock,
  tokens: noTokens,
  ownConnections: new Set(Object.keys(ownConnections)),
};

test('each of the 214 definitions loads, and its catalogue entry names its actions', async () => {
  const kinds = new Map((await readLibraryDestinations()).map((kind) => [kind.slug, kind]));
  const entries = await readLibraryEntries();
  assert.equal(entries.length, 214);
  for (const { slug, directory } of entries) {
    const { definition } = loadDestination(directory);
    assert.equal(definition.slug, slug);
    const actions = kinds.get(slug)?.readActions().actions ?? [];
    assert.deepEqual(
      actions.map((action) => action.slug).sort(),
      Object.keys(definition.actions).sort(),
      slug,
    );
  }
});

test('an example event of each preset reaches the vendor, or the reference says why not', async () => {
  const tried = await tryExamples(await examples(packageManifest()));
  assert.equal(tried.length, 539);
  const there = readFileSync(join(repository, actionsPagePath), 'utf8');
  const how = 'run bin/run --dev test/vendored/refresh-library-actions.ts';
  assert.equal(await actionsPage(tried), there, how);
  const reached = tried.filter(({ requests }) => requests.length > 0);
  assert(reached.length > 450, `${reached.length} reach the vendor`);
  for (const { headers, host } of reached.flatMap(({ requests }) => requests)) {
    assert.doesNotMatch(String(headers['user-agent']), /Segment \(Actions\)/, host);
  }
});

test("over our HTTP every example asks for the same as with the library's own", async () => {
  const tried = await tryExamples(await examples(packageManifest()));
  const reached = tried.filter(({ requests }) => requests.length > 0);
  const own = await ownRequests(reached);
  assert.equal(own.length, reached.length);
  for (const [index, { example, requests }] of reached.entries()) {
    const wanted = own[index]?.map(comparable).sort();
    assert.deepEqual(requests.map(comparable).sort(), wanted, `${example.slug}: ${example.name}`);
  }
});

test('a setting that is missing or of another type is refused, and named', async () => {
  const manifest = packageManifest();
  const definitions = await libraryDefinitions(options);
  let missing = 0;
  for (const { id, slug, options: settings, lanes } of definitions) {
    const definition = manifest[id]?.['definition'] ?? {};
    const { authentication } = JSON.parse(JSON.stringify(definition));
    const whole = completed(authentication?.fields ?? {}, {});
    assert.deepEqual(problemOf(lanes(whole, owner)), '', slug);
    for (const { name, required, type } of settings) {
      const names = new RegExp(`"${name}"`);
      if (required) {
        missing += 1;
        assert.match(problemOf(lanes({ ...whole, [name]: '' }, owner)), names, slug);
      }
      const wrong = type === 'array' ? 'text' : { no: 'such' };
      assert.match(problemOf(lanes({ ...whole, [name]: wrong }, owner)), names, slug);
    }
  }
  assert(missing > 300, `${missing} required settings`);
});

test('a subscription may take any type of call, whatever the presets speak of', async () => {
  for (const { slug, supports } of await libraryDefinitions(options)) {
    assert.equal(supports.length, 6, slug);
  }
});

test('what connects past the guard of targets is off until it is named', async () => {
  const none = await libraryDefinitions({ ...options, ownConnections: new Set() });
  for (const slug of Object.keys(ownConnections)) {
    const definition = none.find((one) => one.slug === slug);
    assert(definition !== undefined, slug);
    const problem = problemOf(definition.lanes({}, owner));
    assert.match(problem, /TRIBUTARY_OWN_CONNECTIONS/);
    assert.match(problem, new RegExp(slug));
  }
});

test('every definition whose code connects by itself is among them', async () => {
  const own =
    /require\("(kafkajs|ssh2|ssh2-sftp-client|@aws-sdk\/[\w-]+|(node:)?(net|tls|http|http2|dgram))"\)|lib\/AWS/;
  const folder = join(repository, 'node_modules/@segment/action-destinations/dist/destinations');
  const found = (await readLibraryEntries()).filter(({ directory }) =>
    readdirSync(join(folder, directory), { recursive: true })
      .map(String)
      .filter((path) => path.endsWith('.js') && !path.includes('__test'))
      .some((path) => own.test(readFileSync(join(folder, directory, path), 'utf8'))),
  );
  assert.deepEqual(found.map(({ slug }) => slug).sort(), Object.keys(ownConnections).sort());
});

function problemOf(result: { ok: true } | { ok: false; problem: string }): string {
  return result.ok ? '' : result.problem;
}
