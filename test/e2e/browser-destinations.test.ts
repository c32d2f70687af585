import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import snippet from '@segment/snippet';
import { isJsonObject, type JsonObject } from '../../src/core/json.ts';
import { api, firstSource, valueAt } from '../rig/api.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { repository } from '../rig/repository.ts';
import { type Server, testWriteKey } from '../rig/server.ts';
import { valuesAt } from './assert-delivery.ts';
import { noBrowser, openPage, type PageRequest } from './browser.ts';
import { type Stand, startStand } from './stand.ts';
import { startVendors, type VendorStand } from './vendor-stand.ts';

const ripeName = 'Ripe Device Mode (Actions)';
const ga4Name = 'Google Analytics 4 Web';

interface DeviceStand extends Stand {
  readonly vendors: VendorStand;
  readonly ripe: string;
  readonly ga4: string;
}

/** A server with a webhook and two destinations in the browser, and their vendors. */
async function startDevices(t: TestContext, env = {}): Promise<DeviceStand> {
  const [stand, vendors] = await Promise.all([startStand(t, env), startVendors(t)]);
  const { server } = stand;
  const sourceId = await firstSource(server);
  const connect = async (metadataId: string, settings: JsonObject) => {
    const body = { sourceId, metadataId, settings };
    return String(valueAt(await api(server, 'POST', '/destinations', body), 'data.destination.id'));
  };
  const ripe = await connect('actions-ripe', { apiKey: 'k', endpoint: vendors.url });
  const ga4 = await connect('actions-google-analytics-4-web', { measurementID: 'G-1' });
  const subscription = {
    ...{ name: 'Events', enabled: true, partnerAction: 'customEvent', subscribe: 'type = "track"' },
    mapping: { name: { '@path': '$.event' }, params: { '@path': '$.properties' } },
  };
  const args = ['destination', 'subscriptions', ga4, JSON.stringify([subscription])];
  const { code, stdout, stderr } = await startCommand(args, environmentOf(server)).done;
  assert.equal(code, 0, stderr);
  assert.deepEqual(valueAt(JSON.parse(stdout), 'subscriptions.0'), subscription);
  await settingsHold(server, ({ remotePlugins }) => Object(remotePlugins).length === 2);
  return { ...stand, vendors, ripe, ga4 };
}

async function setClient(server: Server, settings: JsonObject): Promise<void> {
  const path = `/sources/${await firstSource(server)}/client-settings`;
  await api(server, 'PATCH', path, settings);
}

/** Waits until ingest tells what was set. */
async function settingsHold(server: Server, holds: (settings: JsonObject) => boolean) {
  const read = async () => {
    const answer = await fetch(`${server.url}/v1/projects/${testWriteKey}/settings`);
    const settings: unknown = await answer.json();
    return isJsonObject(settings) && holds(settings);
  };
  await eventually('the settings hold', read);
}

function snippetPage({ url }: Server, load?: object): string {
  const standard = snippet.min({ apiKey: testWriteKey, page: false, ...(load && { load }) });
  const changed = standard.replace('https://cdn.segment.com', url);
  return `<!doctype html><html><head><title>Shop</title><script>${changed}</script></head><body></body></html>`;
}

const google = (vendors: VendorStand) => ({ 'www.googletagmanager.com': vendors.url });

/** Run in the page: each event after the one before, then the last. */
const track = (...calls: readonly string[]) => `(async () => {
  await new Promise((resolve) => analytics.ready(resolve));
  ${[...calls, `analytics.track('last')`].map((call) => `await ${call};`).join('\n')}
})()`;

async function receivedUntilLast({ receiver }: Stand): Promise<unknown[]> {
  const taken = await receiver.waitFor('the last event', (all) =>
    valuesAt(all, 'event').includes('last'),
  );
  return valuesAt(taken, 'event').filter((event) => event !== 'last' && event !== undefined);
}

const bundlesIn = (requests: readonly PageRequest[]) =>
  requests.map(({ url }) => url).filter((url) => url.includes('/next-integrations/'));

test('destinations in the browser are loaded from us and call their vendors; the server delivers to the rest', {
  skip: noBrowser,
}, async (t) => {
  const stand = await startDevices(t);
  const { server, vendors, ripe, ga4 } = stand;
  const { page, requests, problems } = await openPage(t, snippetPage(server), {
    hosts: google(vendors),
  });
  await page.evaluate(
    track(
      `analytics.track('Order Completed', { revenue: 39.95 })`,
      `analytics.track('Not For Ripe', {}, { integrations: { '${ripeName}': false } })`,
      `analytics.track('For Nobody', {}, { integrations: { All: false, 'Segment.io': true } })`,
    ),
  );

  assert.deepEqual(await vendors.eventsUntil('ripe', 'last'), ['Order Completed']);
  assert.deepEqual(await vendors.eventsUntil('ga4', 'last'), ['Order_Completed', 'Not_For_Ripe']);
  const toRipe = vendors.calls.find(({ method }) => method === 'track')?.value;
  assert.partialDeepStrictEqual(toRipe, { properties: { revenue: 39.95 } });
  // `For Nobody` is for no destination: neither for those of the server.
  assert.deepEqual(await receivedUntilLast(stand), ['Order Completed', 'Not For Ripe']);
  const bundles = bundlesIn(requests);
  assert.equal(bundles.length, 3, 'two bundles and the chunk both share');
  assert.ok(bundles.every((url) => url.startsWith(`${server.url}/next-integrations/actions/`)));
  const sent = requests.filter(({ method, url }) => method === 'POST' && url.endsWith('/v1/t'));
  assert.deepEqual(valueAt(JSON.parse(sent[0]?.body ?? ''), '_metadata'), {
    bundled: [ga4Name, ripeName, 'Segment.io'],
    unbundled: ['Webhooks'],
    bundledIds: [ga4, ripe],
  });
  const hosts = new Set(requests.map(({ url }) => new URL(url).host));
  assert.deepEqual(
    hosts,
    new Set([page.url(), server.url, vendors.url, 'https://www.googletagmanager.com'].map(hostOf)),
  );
  assert.deepEqual(problems, []);
});

const hostOf = (url: string) => new URL(url).host;

test('the plan, set on the command line, keeps an event from all or one destination in the browser, not from us', {
  skip: noBrowser,
}, async (t) => {
  const stand = await startDevices(t);
  const { server, vendors } = stand;
  const plan = {
    track: { Secret: { enabled: false }, 'Not For Google': { integrations: { [ga4Name]: false } } },
  };
  const args = ['source', 'client-settings', 'http-api', 'plan', JSON.stringify(plan)];
  const command = await startCommand(args, environmentOf(server)).done;
  assert.equal(command.code, 0, command.stderr);
  assert.deepEqual(JSON.parse(command.stdout), { plan });
  await settingsHold(server, (settings) => valueAt(settings, 'plan.track.Secret') !== undefined);

  const { page, problems } = await openPage(t, snippetPage(server), { hosts: google(vendors) });
  await page.evaluate(
    track(`analytics.track('Secret')`, `analytics.track('Not For Google')`, `analytics.track('A')`),
  );
  assert.deepEqual(await vendors.eventsUntil('ripe', 'last'), ['Not For Google', 'A']);
  assert.deepEqual(await vendors.eventsUntil('ga4', 'last'), ['A']);
  const received = await receivedUntilLast(stand);
  assert.deepEqual(received, ['Not For Google', 'A'], 'the SDK says All: false for what is off');
  assert.deepEqual(problems, []);
});

test('a routing rule drops an event for one destination in the browser', {
  skip: noBrowser,
}, async (t) => {
  const stand = await startDevices(t);
  const { server, vendors } = stand;
  const rule = {
    ...{ scope: 'destinations', target_type: 'workspace::project::destination::config' },
    destinationName: ripeName,
    matchers: [{ type: 'fql', ir: '["=","event",{"value":"Secret"}]' }],
    transformers: [[{ type: 'drop' }]],
  };
  await setClient(server, { middlewareSettings: { routingRules: [rule] } });
  await settingsHold(
    server,
    (settings) => valueAt(settings, 'middlewareSettings.routingRules.0') !== undefined,
  );
  const { page, problems } = await openPage(t, snippetPage(server), { hosts: google(vendors) });
  await page.evaluate(track(`analytics.track('Secret')`, `analytics.track('A')`));
  assert.deepEqual(await vendors.eventsUntil('ripe', 'last'), ['A']);
  assert.deepEqual(await vendors.eventsUntil('ga4', 'last'), ['Secret', 'A']);
  assert.deepEqual(await receivedUntilLast(stand), ['Secret', 'A']);
  assert.deepEqual(problems, []);
});

test('batching and retries are as the settings say', { skip: noBrowser }, async (t) => {
  const stand = await startDevices(t, { TRIBUTARY_RATE_LIMIT: '1' });
  const { server, receiver } = stand;
  await setClient(server, {
    deliveryStrategy: { strategy: 'batching', config: { size: 3, timeout: 60_000 } },
  });
  await settingsHold(server, ({ integrations }) =>
    JSON.stringify(integrations).includes('"size":3'),
  );
  const html = snippetPage(server, { integrations: { [ripeName]: false, [ga4Name]: false } });
  const batching = await openPage(t, html);
  await batching.page.evaluate(
    `analytics.ready(() => { for (const n of [1, 2, 3]) void analytics.track('Call ' + n) })`,
  );
  await receiver.waitFor('three deliveries', (all) => all.length === 3);
  const posts = (requests: readonly PageRequest[]) =>
    requests.filter(({ method }) => method === 'POST').map(({ url }) => url);
  assert.deepEqual(posts(batching.requests), [`${server.url}/v1/b`]);
  assert.deepEqual(bundlesIn(batching.requests), [], 'what is off at load is not loaded');

  await setClient(server, {
    deliveryStrategy: null,
    httpConfig: { rateLimitConfig: { maxRetryCount: 0 } },
  });
  await settingsHold(server, ({ integrations }) =>
    JSON.stringify(integrations).includes('"maxRetryCount":0'),
  );
  const standard = await openPage(t, html);
  const failed: string = await standard.page.evaluate(`new Promise((resolve) => {
    analytics.on('error', ({ code }) => resolve(code));
    analytics.ready(() => { for (const n of [1, 2, 3, 4, 5]) void analytics.track('Call ' + n) });
  })`);
  assert.equal(failed, 'delivery_failure', 'given up at the first 429');
});

/** Files of the site: the browser build of the npm package, and the modules of the consent tools. */
function npmFiles(path: string): string | undefined {
  const [, folder = '', ...rest] = path.split('/');
  const roots: Record<string, string> = {
    ajs: '@segment/analytics-next/dist/umd',
    consent: '@segment/analytics-consent-tools/dist/esm',
    generic: '@segment/analytics-generic-utils/dist/esm',
    tslib: 'tslib',
  };
  const root = roots[folder];
  if (root === undefined) return undefined;
  const file = join(repository, 'node_modules', root, ...rest);
  // The modules name each other as bundlers read it: folders, and files without the end of their names.
  if (existsSync(join(file, 'index.js'))) return `export * from '${path}/index.js'`;
  return readFileSync(existsSync(file) ? file : `${file}.js`, 'utf8');
}

/** Chunks of the browser build come from `_cdn`; those of a bundler come with the page. */
const npmPage = ({ url }: Server, script: string) => `<!doctype html><title>Shop</title>
<script type="importmap">{"imports":{"tslib":"/tslib/tslib.es6.mjs",
  "@segment/analytics-generic-utils":"/generic/index.js"}}</script>
<script>window.analytics = { _cdn: '${url}' };</script>
<script src="/ajs/index.js"></script><script type="module">${script}</script>`;

test('the npm package loads destinations from the address it is given, and reports of itself at the rate set', {
  skip: noBrowser,
}, async (t) => {
  const stand = await startDevices(t);
  const { server, vendors } = stand;
  const load = `globalThis.analytics = AnalyticsNext.AnalyticsBrowser.load(
    { writeKey: '${testWriteKey}', cdnURL: '${server.url}' },
    { integrations: { '${ga4Name}': false, 'Segment.io': { protocol: 'http' } } });`;
  await setClient(server, { metrics: { sampleRate: 1, flushTimer: 1_000 } });
  await settingsHold(server, (settings) => valueAt(settings, 'metrics.sampleRate') === 1);
  const { page, requests, problems } = await openPage(t, npmPage(server, load), {
    script: npmFiles,
  });
  await page.evaluate(track(`analytics.track('A')`));
  assert.deepEqual(await vendors.eventsUntil('ripe', 'last'), ['A']);
  assert.deepEqual(await receivedUntilLast(stand), ['A']);
  assert.ok(
    bundlesIn(requests).every((url) => !url.includes('google')),
    'what is off is not loaded',
  );
  await eventually('it reports', () => requests.some(({ url }) => url === `${server.url}/v1/m`));
  assert.deepEqual(problems, []);
});

test('a tag of the page’s own gives a script Subresource Integrity: it is taken over, and refused when it differs', {
  skip: noBrowser,
}, async (t) => {
  const { server, vendors, ripe } = await startDevices(t);
  const mode = await api(server, 'GET', `/destinations/${ripe}/device-mode`);
  const scripts = [0, 1].map((n) => ({
    src: `${server.url}${valueAt(mode, `data.deviceMode.scripts.${n}.path`)}`,
    integrity: String(valueAt(mode, `data.deviceMode.scripts.${n}.integrity`)),
  }));
  const open = (tags: typeof scripts) => {
    const text = tags.map(
      ({ src, integrity }) =>
        `<script src="${src}" integrity="${integrity}" crossorigin status="loaded"></script>`,
    );
    const html = snippetPage(server).replace('<script>', `${text.join('')}<script>`);
    return openPage(t, html, { hosts: google(vendors) });
  };
  const right = await open(scripts);
  await right.page.evaluate(track(`analytics.track('A')`));
  assert.deepEqual(await vendors.eventsUntil('ripe', 'last'), ['A']);
  const loaded = bundlesIn(right.requests).filter((url) => !url.includes('google'));
  assert.deepEqual(loaded.sort(), scripts.map(({ src }) => src).sort(), 'none is loaded again');
  assert.deepEqual(right.problems, []);

  const wrong = await open([{ src: scripts[1]?.src ?? '', integrity: `sha384-${'A'.repeat(64)}` }]);
  await wrong.page.evaluate(track(`analytics.track('B')`));
  await eventually('the other destination works', () =>
    vendors.calls.some(({ vendor, value }) => vendor === 'ga4' && value === 'B'),
  );
  assert.deepEqual(await vendors.eventsUntil('ripe', 'last'), ['A']);
  assert.match(wrong.problems.join(), /integrity/);
});

test('Segment’s consent wrapper finds the categories of each destination and of all in the settings', {
  skip: noBrowser,
}, async (t) => {
  const stand = await startDevices(t);
  const { server, vendors, ripe, ga4 } = stand;
  const consent = (id: string, category: string) =>
    startCommand(['destination', 'policy', id, '--consent', category], environmentOf(server)).done;
  assert.equal((await consent(ripe, 'analytics')).code, 0);
  assert.equal((await consent(ga4, 'ads')).code, 0);
  const list = await api(server, 'GET', '/destinations');
  const webhook = [0, 1, 2]
    .map((n) => valueAt(list, `data.destinations.${n}`))
    .find((one) => valueAt(one, 'metadata.slug') === 'webhooks');
  const webhookId = String(valueAt(webhook, 'id'));
  assert.equal((await consent(webhookId, 'analytics')).code, 0);
  await settingsHold(server, ({ consentSettings }) => {
    const expected = { allCategories: ['ads', 'analytics'], hasUnmappedDestinations: false };
    return JSON.stringify(consentSettings) === JSON.stringify(expected);
  });

  const pageOf = (categories: object) =>
    npmPage(
      server,
      `
      import { createWrapper } from '/consent/index.js';
      const withConsent = createWrapper({
        getCategories: () => (${JSON.stringify(categories)}),
        shouldLoadSegment: (context) => context.load({ consentModel: 'opt-in' }),
      });
      const analytics = globalThis.analytics = new AnalyticsNext.AnalyticsBrowser();
      withConsent(analytics).load({ writeKey: '${testWriteKey}', cdnURL: '${server.url}' });`,
    );
  const options = { script: npmFiles, hosts: google(vendors) };

  const none = await openPage(t, pageOf({ analytics: false, ads: false, other: true }), options);
  await none.page.evaluate(`void analytics.track('Without consent')`);
  const some = await openPage(t, pageOf({ analytics: true, ads: false }), options);
  await some.page.evaluate(track(`analytics.track('A')`));

  assert.deepEqual(await vendors.eventsUntil('ripe', 'last'), ['A']);
  assert.deepEqual(await receivedUntilLast(stand), ['A'], 'without any consent nothing is sent');
  const isGoogle = ({ vendor }: { vendor: string }) => vendor === 'ga4';
  assert.deepEqual(vendors.calls.filter(isGoogle), []);
  assert.ok(
    bundlesIn(some.requests).every((url) => !url.includes('google')),
    'nor is it loaded',
  );
  const preferences = valuesAt(stand.receiver.taken, 'context.consent.categoryPreferences');
  assert.deepEqual(preferences[0], { analytics: true, ads: false });
  assert.ok(none.requests.every(({ method }) => method === 'GET'));
  assert.deepEqual([...none.problems, ...some.problems], []);
});
