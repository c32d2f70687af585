import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { api, valueAt } from '../rig/api.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { type Server, startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const shop = `
sources:
  - slug: shop
    name: Shop
    kind: http-api
    labels: [{ key: team, value: web }]
    schemaSettings: { track: { allowUnplannedEvents: false } }
labels:
  - { key: team, value: web }
`;
// Of what it needs, all stands in other files: the order of files and kinds means nothing.
const around = `
destinations:
  - source: shop
    name: Hook
    kind: webhooks
    settings: { hooks: ['https://example.com/hook'], sharedSecret: '\${env:HOOK_SECRET}' }
    limits: { requestsPerSecond: 5 }
    filters:
      - { title: B, if: 'event = "B"', actions: [{ type: DROP }], enabled: true }
      - { title: A, if: 'event = "A"', actions: [{ type: DROP }], enabled: false }
  - source: shop
    name: Slack
    kind: actions-slack
    subscriptions:
      - { name: Say, action: postToChannel, trigger: 'type = "track"', enabled: true, settings: { text: Hello } }
warehouses:
  - { name: Ducks, kind: duckdb, sources: [shop] }
  - { name: Empty, kind: duckdb, sources: [] }
trackingPlans:
  - name: Planned
    sources: [shop]
    rules:
      - { type: TRACK, key: Ordered, version: 1, jsonSchema: { type: object } }
transformations:
  - { source: shop, name: Renamed, if: 'event = "Old"', newEventName: New, enabled: true }
`;
const watching = `
alerts:
  - { name: Quiet, metric: VOLUME, source: shop, below: 10, windowMinutes: 15 }
  - name: Hook fails
    metric: SUCCESS_RATE
    destination: shop/Hook
    below: 0.9
    webhookUrl: 'https://hooks.example.com/1234567890'
`;
const secret = 'the first shared secret';

test('files are applied in whatever order they stand, after the plan is shown; applied once more nothing is left to do', async (t) => {
  const stand = await workbench(t);
  stand.write({ 'a/around.yaml': around, 'z/shop.yml': shop });

  const shown = await stand.apply('--dry-run');
  assert.equal(shown.code, 2, shown.stderr);
  assert.match(shown.stdout, /\+ source shop\n/);
  assert.match(shown.stdout, /\+ destination shop\/Hook\n/);
  assert.match(shown.stdout, /8 to make, 0 to change, 0 to remove/);
  const refused = await stand.apply();
  assert.equal(refused.code, 1, 'without a terminal it wants --yes');
  assert.equal(await stand.source('shop'), undefined, 'nothing is made by showing it');

  const done = await stand.apply('--yes');
  assert.equal(done.code, 0, done.stdout + done.stderr);
  assert.doesNotMatch(shown.stdout + done.stdout + done.stderr, new RegExp(secret));
  const again = await stand.apply('--yes');
  assert.deepEqual([again.code, again.stdout], [0, '0 to make, 0 to change, 0 to remove\n']);

  const source = await stand.source('shop');
  assert.partialDeepStrictEqual(source, { name: 'Shop', labels: [{ key: 'team', value: 'web' }] });
  const id = String(valueAt(source, 'id'));
  const connected = await api(stand.server, 'GET', `/sources/${id}/connected-warehouses`);
  const names = [0, 1, 2].map((at) => valueAt(connected, `data.warehouses.${at}.settings.name`));
  // A source is connected to what was there before it: the warehouse of the first start.
  assert.deepEqual(names, ['DuckDB', 'Ducks', undefined], 'not to the one that lists none');
});

test('alerts are known by their names, and what they watch by its own', async (t) => {
  const stand = await workbench(t);
  stand.write({ 'all.yaml': shop + around + watching });
  const done = await stand.apply('--yes');
  assert.equal(done.code, 0, done.stderr);
  const nothing = '0 to make, 0 to change, 0 to remove\n';
  assert.equal((await stand.apply('--yes')).stdout, nothing);
  const { alerts } = JSON.parse(JSON.stringify(await api(stand.server, 'GET', '/alerts'))).data;
  assert.deepEqual(
    alerts.map((alert: { name: string; below: number }) => [alert.name, alert.below]),
    [
      ['Quiet', 10],
      ['Hook fails', 0.9],
    ],
  );
  rmSync(stand.folder, { recursive: true });
  await stand.run('export', stand.folder);
  assert.equal((await stand.apply('--yes')).stdout, nothing);
  const fewer =
    shop +
    around +
    watching.replace('below: 10', 'below: 20').replace(/ {2}- name: Hook[\s\S]*/, '');
  rmSync(stand.folder, { recursive: true });
  stand.write({ 'all.yaml': fewer });
  const pruned = await stand.apply('--yes', '--prune');
  assert.match(pruned.stdout, /^~ alert Quiet: below$/m);
  assert.match(pruned.stdout, /^- alert Hook fails$/m);
});

test('an export applied to the same server changes nothing, and its masks leave the secrets', async (t) => {
  const stand = await workbench(t);
  stand.write({ 'all.yaml': shop + around });
  assert.equal((await stand.apply('--yes')).code, 0);
  for (const format of ['yaml', 'json']) {
    rmSync(stand.folder, { recursive: true });
    const exported = await stand.run('export', stand.folder, '--format', format);
    assert.equal(exported.code, 0, exported.stderr);
    const text = readdirSync(stand.folder).map((name) =>
      readFileSync(join(stand.folder, name), 'utf8'),
    );
    assert.doesNotMatch(text.join(), new RegExp(secret));
    assert.match(text.join(), /sharedSecret"?: "?•+cret/);
    const again = await stand.apply('--yes', '--prune');
    assert.deepEqual(
      [again.code, again.stdout],
      [0, '0 to make, 0 to change, 0 to remove\n'],
      again.stderr,
    );
  }
  const hook = await stand.destination('Hook');
  assert.match(String(valueAt(hook, 'settings.sharedSecret')), /•cret$/);
  const limits = await api(stand.server, 'GET', `/destinations/${valueAt(hook, 'id')}/limits`);
  assert.equal(valueAt(limits, 'data.limits.requestsPerSecond'), 5);
});

test('what came of a hook is nothing to do where a file does not speak of it', async (t) => {
  const stand = await workbench(t);
  const lists = (hook: string) => `${shop}
destinations:
  - source: shop
    name: Lists
    kind: actions-marketo-static-lists
    subscriptions:
      - name: Members
        action: addToList
        trigger: 'type = "track"'
        enabled: true
        settings: { lookup_field: email, retlOnMappingSave: ${hook} }
`;
  stand.write({ 'all.yaml': lists("{ inputs: { list_name: A }, outputs: { id: '1' } }") });
  assert.equal((await stand.apply('--yes')).code, 0);
  stand.write({ 'all.yaml': lists('{ inputs: { list_name: A } }') });
  const again = await stand.apply('--yes');
  assert.equal(again.stdout, '0 to make, 0 to change, 0 to remove\n', again.stderr);
});

test('an exported configuration fits the schema that is written beside it, and a misspelt key does not', async (t) => {
  const stand = await workbench(t);
  stand.write({ 'all.yaml': shop + around });
  assert.equal((await stand.apply('--yes')).code, 0);
  rmSync(stand.folder, { recursive: true });
  await stand.run('export', stand.folder);
  const fits = new Ajv2020({ strict: false }).compile(
    JSON.parse(readFileSync(join(stand.folder, 'tributary.schema.json'), 'utf8')),
  );
  for (const name of readdirSync(stand.folder).filter((file) => file.endsWith('.yaml'))) {
    const text = readFileSync(join(stand.folder, name), 'utf8');
    assert.match(text, /^# yaml-language-server: \$schema=\.\/tributary\.schema\.json\n/);
    assert.ok(fits(parse(text)), `${name}: ${JSON.stringify(fits.errors)}`);
  }
  assert.equal(fits({ sources: [{ slug: 'a', kind: 'http-api', nmae: 'A' }] }), false);
});

test('only what differs is changed; what the files do not name stays, and goes with --prune', async (t) => {
  const stand = await workbench(t);
  stand.write({ 'all.yaml': shop + around });
  assert.equal((await stand.apply('--yes')).code, 0);

  const changed = (shop + around)
    .replace('name: Shop', 'name: Store')
    .replace("['https://example.com/hook']", "['https://example.com/other']")
    .replace('title: B', 'title: C')
    .replace('text: Hello', 'text: Bye')
    .replace(/transformations:[\s\S]*/, 'transformations: []\n');
  stand.write({ 'all.yaml': changed });
  const kept = await stand.apply('--yes');
  assert.equal(kept.code, 0, kept.stderr);
  assert.deepEqual(kept.stdout.split('\n').slice(0, -3), [
    '~ source shop: name',
    '~ destination shop/Hook: filters, settings.hooks',
    '~ destination shop/Slack: subscriptions',
  ]);
  const hook = await stand.destination('Hook');
  assert.match(String(valueAt(hook, 'settings.sharedSecret')), /•cret$/, 'the secret stays');

  const pruned = await stand.apply('--yes', '--prune');
  assert.equal(pruned.code, 0, pruned.stderr);
  assert.match(pruned.stdout, /^- transformation shop\/Renamed$/m);
  assert.doesNotMatch(pruned.stdout, /- (source shop|warehouse (Ducks|Empty)|tracking plan)/);
  const left = await stand.apply('--yes', '--prune');
  assert.equal(left.stdout, '0 to make, 0 to change, 0 to remove\n');
});

test('another secret is seen by its mask; one with the same mask is written with --secrets', async (t) => {
  const stand = await workbench(t);
  stand.write({ 'all.yaml': shop + around });
  assert.equal((await stand.apply('--yes')).code, 0);
  const other = await stand.with({ HOOK_SECRET: 'something else entirely' }).apply('--yes');
  assert.match(other.stdout, /^~ destination shop\/Hook: settings\.sharedSecret$/m);
  const alike = stand.with({ HOOK_SECRET: 'what ends in entirely' });
  assert.equal((await alike.apply('--dry-run')).code, 0);
  assert.equal((await alike.apply('--dry-run', '--secrets')).code, 2);
});

test('every problem of the files is told at once, with its file, and nothing is changed', async (t) => {
  const stand = await workbench(t);
  const misspelt = 'sources:\n  - { slug: a, kind: http-api, enabeld: true }\n';
  stand.write({
    'all.yaml': shop + around,
    'more.yaml': shop,
    'typo.yaml': misspelt,
    'bad.json': '{',
  });
  const { code, stderr } = await stand.with({}).apply('--yes');
  assert.equal(code, 1);
  assert.match(stderr, /more\.yaml: source shop is in .*all\.yaml already/);
  assert.match(stderr, /typo\.yaml: .*enabeld/);
  assert.match(stderr, /bad\.json: /);
  assert.match(stderr, /destination shop\/Hook needs the environment variable HOOK_SECRET/);
  assert.equal(await stand.source('shop'), undefined);

  const masked = around.replace(/\$\{env:HOOK_SECRET\}/, '••••cret');
  stand.write({ 'all.yaml': masked });
  rmSync(join(stand.folder, 'more.yaml'));
  rmSync(join(stand.folder, 'typo.yaml'));
  rmSync(join(stand.folder, 'bad.json'));
  const dangling = await stand.apply('--yes');
  assert.match(dangling.stderr, /destination shop\/Hook: there is no source shop/);
  assert.match(dangling.stderr, /shop\/Hook is new: settings\.sharedSecret must be given/);
});

/** A server and a folder of files for it. */
async function workbench(t: TestContext) {
  const place = await tempFolder('as-code');
  const server = await startServer({ folder: join(place.path, 'server') });
  t.after(async () => {
    await server.kill();
    await place.remove();
  });
  await api(server, 'GET', '/sources');
  return bench(server, join(place.path, 'files'), { HOOK_SECRET: secret });
}

function bench(server: Server, folder: string, variables: Readonly<Record<string, string>>) {
  const env = { ...environmentOf(server), ...variables };
  const run = (...args: string[]) => startCommand(args, env).done;
  const found = async (list: string, name: string, value: string): Promise<unknown> => {
    const all = valueAt(await api(server, 'GET', `/${list}?pagination[count]=200`), `data.${list}`);
    return Array.isArray(all) ? all.find((item) => valueAt(item, name) === value) : undefined;
  };
  return {
    server,
    folder,
    run,
    apply: (...flags: string[]) => run('apply', folder, ...flags),
    with: (others: Readonly<Record<string, string>>) => bench(server, folder, others),
    source: (slug: string) => found('sources', 'slug', slug),
    destination: (name: string) => found('destinations', 'name', name),
    write: (files: Readonly<Record<string, string>>) => {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(join(folder, name, '..'), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
    },
  };
}
