import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { api, valueAt } from '../rig/api.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { type Receiver, startReceiver } from '../rig/receiver.ts';
import { type Server, startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const within = { within: 60_000, every: 200 };
const nothing = '0 to make, 0 to change, 0 to remove\n';

const configuration = (receiver: string) => ({
  'functions.yaml': `
functions:
  - name: Orders
    type: DESTINATION
    description: Sends orders
    codeFile: code/orders.js
    settings:
      - { name: apiKey, label: API key, required: true, sensitive: true }
      - { name: marks, type: ARRAY, sensitive: true }
      - { name: loud, type: BOOLEAN, sensitive: true }
  - name: Hooks
    type: SOURCE
    code: |
      async function onRequest(request, settings) {
        // A bullet is no mask here: •
        Segment.track({ event: settings.prefix + request.json().name, userId: 'u' });
      }
    settings: [{ name: prefix, required: true }]
  - name: Marks
    type: INSERT_SOURCE
    code: 'const onTrack = (event, settings) => ({ ...event, properties: { mark: settings.mark } });'
    settings: [{ name: mark, required: true, sensitive: true }]
  - name: Hidden
    type: INSERT_DESTINATION
    codeFile: code/hidden.js
    draft: 'const onTrack = () => { throw new DropEvent("a draft"); };'
  - name: Later
    type: INSERT_TRANSFORMATION
    code: 'const onTrack = (event) => event;'
    deployed: false
`,
  'code/orders.js': `async function onTrack(event, settings) {
  const { apiKey, marks, loud } = settings;
  const body = JSON.stringify({ name: event.event, apiKey, marks, loud, ...event.properties });
  await fetch('${receiver}', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
}
`,
  'code/hidden.js':
    'const onTrack = (event) => ({ ...event, properties: { ...event.properties, hidden: true } });\n',
  'places.yaml': `
sources:
  - slug: hooks
    function: Hooks
    settings: { prefix: 'Hook ' }
destinations:
  - source: hooks
    name: Out
    function: Orders
    settings: { apiKey: '\${env:API_KEY}', marks: ['\${env:MARK}', b], loud: true }
insertFunctions:
  - { source: hooks, name: Marked, function: Marks, settings: { mark: '\${env:MARK}' } }
  - { destination: hooks/Out, name: Hides, function: Hidden, enabled: true }
transformations:
  - { source: hooks, name: Renamed, destinationFunction: Orders, if: 'event = "Hook old"', newEventName: Hook new, enabled: true }
`,
});

const secrets = { API_KEY: 'the key of the api', MARK: 'the mark of events' };

test('functions, their code, their draft and where they stand are exported, and applied to an empty server they do the same', async (t) => {
  const first = await workbench(t, 'first');
  first.write(configuration(first.receiver.url));
  const done = await first.apply('--yes');
  assert.equal(done.code, 0, done.stdout + done.stderr);
  await unchanged(first);
  await behaves(first.server, first.receiver);

  const second = await workbench(t, 'second');
  const exported = await first.run('export', second.folder);
  assert.equal(exported.code, 0, exported.stderr);
  const files = second.files();
  assert.ok(files.has('functions/orders.js'), [...files.keys()].join());
  assert.ok(files.has('functions/hidden.draft.js'), [...files.keys()].join());
  const text = [...files.values()].join('\n');
  for (const secret of Object.values(secrets)) assert.ok(!text.includes(secret));
  // To the server that it came from it says nothing new, also with prune.
  const again = await first.run('apply', second.folder, '--yes', '--prune');
  assert.equal(again.stdout, nothing, again.stderr);

  // A mask is nobody's secret: an empty server asks for the values.
  const masked = await second.apply('--yes');
  assert.match(masked.stderr, /destination hooks\/Out is new: settings\.apiKey, settings\.marks/);
  assert.match(masked.stderr, /insert function hooks: Marked is new: settings\.mark must be given/);
  const given = {
    'destinations.yaml': (all: string) =>
      all
        .replace(/apiKey: •+\S*( \S+)*/, 'apiKey: $' + '{env:API_KEY}')
        .replace(/- •+\S*\n/, '- $' + '{env:MARK}\n')
        .replace(/- •+\S*\n/, '- b\n')
        .replace(/loud: •+/, 'loud: true'),
    'insert-functions.yaml': (all: string) => all.replace(/mark: •+\S*/, 'mark: $' + '{env:MARK}'),
  };
  for (const [name, change] of Object.entries(given)) {
    second.write({ [name]: change(files.get(name) ?? '') });
  }
  const made = await second.apply('--yes');
  assert.equal(made.code, 0, made.stdout + made.stderr);
  await unchanged(second, '--prune');
  await behaves(second.server, first.receiver);
});

test('code that differs is deployed, a draft stays a draft, and what is not to be deployed is only saved', async (t) => {
  const stand = await workbench(t, 'one');
  const files = configuration(stand.receiver.url);
  stand.write(files);
  assert.equal((await stand.apply('--yes')).code, 0);
  const found = await functionsOf(stand.server);
  assert.deepEqual(
    ['Hidden', 'Later', 'Marks'].map((name) => [
      found.get(name)?.['isLatestVersion'],
      typeof found.get(name)?.['deployedAt'],
    ]),
    [
      [false, 'string'],
      [false, 'object'],
      [true, 'string'],
    ],
  );
  stand.write({
    'code/hidden.js': 'const onTrack = (event) => event;\n',
    'functions.yaml': files['functions.yaml'].replace('description: Sends', 'description: Posts'),
  });
  const changed = await stand.apply('--yes');
  assert.match(changed.stdout, /^~ function Orders: description$/m);
  assert.match(changed.stdout, /^~ function Hidden: code$/m);
  assert.match(changed.stdout, /0 to make, 2 to change, 0 to remove/);
  await unchanged(stand);
  const hidden = (await functionsOf(stand.server)).get('Hidden');
  assert.match(String(hidden?.['code']), /a draft/);
  assert.equal(hidden?.['isLatestVersion'], false);
  // Somebody works on it on the server: files that know of no draft leave that alone.
  const path = `/functions/${found.get('Marks')?.['id']}`;
  await api(stand.server, 'PATCH', path, { code: 'const onTrack = () => 1;' });
  await unchanged(stand);

  // Of two in one place one is on, whichever stands first.
  const swapped = files['places.yaml'].replace(
    /( {2}- \{ destination: hooks\/Out, name: Hides, .*), enabled: true \}/,
    '  - { destination: hooks/Out, name: Another, function: Hidden }\n$1, enabled: false }',
  );
  stand.write({ 'places.yaml': swapped });
  const turned = await stand.apply('--yes');
  assert.equal(turned.code, 0, turned.stderr);
  assert.match(turned.stdout, /^~ insert function hooks\/Out: Hides: enabled$/m);
  assert.match(turned.stdout, /^\+ insert function hooks\/Out: Another$/m);
  await unchanged(stand);

  const fewer = files['functions.yaml'].replace(/ {2}- name: Later[\s\S]*/, '');
  stand.write({ 'functions.yaml': fewer });
  const pruned = await stand.apply('--yes', '--prune');
  assert.match(pruned.stdout, /^- function Later$/m, pruned.stderr);
});

test('what is wrong with the functions of files is told at once, and nothing is done', async (t) => {
  const stand = await workbench(t, 'wrong');
  stand.write({
    'all.yaml': `
functions:
  - { name: Both, type: SOURCE, code: '1', codeFile: nowhere.js }
  - { name: None, type: SOURCE }
  - { name: Draft, type: SOURCE, code: '1', deployed: false, draft: '2' }
  - { name: Lost, type: SOURCE, codeFile: nowhere.js }
sources:
  - { slug: a, function: Gone }
  - { slug: b }
insertFunctions:
  - { name: Nowhere, function: Gone }
`,
  });
  const { code, stderr } = await stand.apply('--yes');
  assert.equal(code, 1);
  assert.match(stderr, /function Both must have one of code and codeFile/);
  assert.match(stderr, /function None must have one of code and codeFile/);
  assert.match(stderr, /function Draft has a draft/);
  assert.match(stderr, /function Lost names the file nowhere\.js, which cannot be read/);
  assert.match(stderr, /source b must have one of kind and function/);
  assert.match(stderr, /insert function : Nowhere must have one of source and destination/);
  stand.write({ 'all.yaml': 'sources:\n  - { slug: a, function: Gone }\n' });
  assert.match((await stand.apply('--yes')).stderr, /source a: there is no function Gone/);
});

/** Applied once more, nothing is left to do. */
async function unchanged(stand: Awaited<ReturnType<typeof workbench>>, ...flags: string[]) {
  const { stdout, stderr } = await stand.apply('--yes', ...flags);
  assert.equal(stdout, nothing, stderr);
}

/** A request to the source function goes through all of them and arrives. */
async function behaves(server: Server, receiver: Receiver): Promise<void> {
  const sources = valueAt(await api(server, 'GET', '/sources'), 'data.sources');
  const hooks = Array.isArray(sources) && sources.find((one) => valueAt(one, 'slug') === 'hooks');
  const count = receiver.taken.length;
  await eventually(
    'what the functions make of a request arrives',
    async () => {
      const answer = await fetch(`${server.url}/fn/${valueAt(hooks, 'writeKeys.0')}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"name":"old"}',
      });
      const { event } = receiver.taken.at(-1) ?? {};
      return answer.ok && receiver.taken.length > count && event?.['hidden'] === true && event;
    },
    within,
  );
  assert.deepEqual(receiver.taken.at(-1)?.event, {
    ...{ name: 'Hook new', apiKey: secrets.API_KEY, marks: [secrets.MARK, 'b'], loud: true },
    ...{ mark: secrets.MARK, hidden: true },
  });
}

async function functionsOf(server: Server) {
  const list = valueAt(await api(server, 'GET', '/functions'), 'data.functions');
  const found = new Map<string, Readonly<Record<string, unknown>>>();
  for (const one of Array.isArray(list) ? list : []) {
    const whole = await api(server, 'GET', `/functions/${one.id}`);
    found.set(String(one.displayName), Object(valueAt(whole, 'data.function')));
  }
  return found;
}

/** A server, a receiver for what its functions send, and a folder of files. */
async function workbench(t: TestContext, name: string) {
  const place = await tempFolder(`functions-as-code-${name}`);
  const receiver = await startReceiver();
  const server = await startServer({ folder: join(place.path, 'server') });
  t.after(async () => {
    await server.kill();
    await receiver.close();
    await place.remove();
  });
  await api(server, 'GET', '/sources');
  const folder = join(place.path, 'files');
  const env = { ...environmentOf(server), ...secrets };
  const run = (...args: string[]) => startCommand(args, env).done;
  return {
    ...{ server, receiver, folder, run },
    apply: (...flags: string[]) => run('apply', folder, ...flags),
    write: (files: Readonly<Record<string, string>>) => {
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), text);
      }
    },
    files: () =>
      new Map(
        readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => {
            const path = join(entry.parentPath, entry.name);
            return [path.slice(folder.length + 1), readFileSync(path, 'utf8')] as const;
          }),
      ),
  };
}
