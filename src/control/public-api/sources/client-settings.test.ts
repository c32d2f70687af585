import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Json } from '../../../core/json.ts';
import { controlRig } from '../../testing/control-rig.ts';

async function start(t: TestContext) {
  const rig = await controlRig();
  t.after(() => rig.close());
  const [source] = rig.control.snapshot().sources;
  const path = `/sources/${source?.id}/client-settings`;
  const patch = (body: unknown) => rig.call('PATCH', path, { body });
  const held = () => rig.control.snapshot().sources[0]?.clientSettings;
  const get = async () => (await rig.call('GET', path)).at('data.clientSettings');
  return { rig, patch, held, get };
}

const everything = {
  plan: {
    track: {
      __default: { enabled: true, integrations: {} },
      'Order/Completed.1': { enabled: false, integrations: { 'Google Analytics 4 Web': false } },
    },
    identify: { email: { enabled: false } },
    group: { __default: { enabled: true } },
  },
  middlewareSettings: {
    routingRules: [
      {
        scope: 'destinations',
        target_type: 'workspace::project::destination::config',
        destinationName: 'Heap',
        matchers: [{ type: 'fql', ir: '["=","event",{"value":"X"}]' }],
        transformers: [[{ type: 'drop_properties', config: { drop: { properties: ['url'] } } }]],
      },
    ],
  },
  enabledMiddleware: { '@segment/x': true },
  remotePlugins: [
    {
      ...{ name: 'Own', creationName: 'Own', libraryName: 'ownDestination' },
      url: 'https://own.example/plugin.js',
      settings: { subscriptions: [], nested: { any: [1, null] } },
    },
  ],
  unbundledIntegrations: ['Elsewhere'],
  consentSettings: { allCategories: ['C0001'], hasUnmappedDestinations: false },
  httpConfig: {
    rateLimitConfig: {
      ...{ enabled: true, maxRetryCount: 10, maxRetryInterval: 300, maxRateLimitDuration: 43_200 },
    },
    backoffConfig: {
      ...{ enabled: true, maxRetryCount: 10, baseBackoffInterval: 0.5, maxBackoffInterval: 60 },
      ...{ maxTotalBackoffDuration: 43_200, jitterPercent: 10, default4xxBehavior: 'drop' },
      ...{ default5xxBehavior: 'retry', statusCodeOverrides: { 501: 'drop', 408: 'retry' } },
    },
  },
  deliveryStrategy: { strategy: 'batching', config: { size: 10, timeout: 5_000 } },
  metrics: { sampleRate: 0.5, flushTimer: 30_000, maxQueueSize: 20 },
  retryQueue: false,
  legacyVideoPluginsEnabled: true,
  edgeFunction: { downloadURL: 'https://own.example/edge.js', version: 1 },
  autoInstrumentationSettings: { sampleRate: 1 },
};

test('every client setting can be set, is shown as it was set, and travels to ingest', async (t) => {
  const { patch, held, get } = await start(t);
  assert.deepEqual(await get(), {});
  assert.equal(held(), undefined);
  const set = await patch(everything);
  assert.equal(set.status, 200, JSON.stringify(set.body));
  assert.deepEqual(set.at('data.clientSettings'), everything);
  assert.deepEqual(await get(), everything);
  assert.deepEqual(held(), everything);
});

test('a change is merged at every level, lists are replaced, and null takes away', async (t) => {
  const { patch, held, get } = await start(t);
  await patch({ plan: { track: { A: { enabled: false } } }, unbundledIntegrations: ['X', 'Y'] });
  await patch({ plan: { track: { B: { enabled: false } } }, unbundledIntegrations: ['Z'] });
  assert.deepEqual(await get(), {
    plan: { track: { A: { enabled: false }, B: { enabled: false } } },
    unbundledIntegrations: ['Z'],
  });
  await patch({ plan: { track: { A: null } }, unbundledIntegrations: null });
  assert.deepEqual(held(), { plan: { track: { B: { enabled: false } } } });
  await patch({ plan: null });
  assert.equal(held(), undefined);
});

test('what is wrong is refused as a whole, naming each field', async (t) => {
  const { patch, held } = await start(t);
  const rule = { destinationName: 'H', matchers: [{ type: 'fql', ir: '[' }], transformers: [[]] };
  const cases: readonly (readonly [object, string, RegExp])[] = [
    [{ plann: {} }, 'plann', /is not allowed/],
    [{ plan: { track: { A: { enabled: 'no' } } } }, 'plan.track.A.enabled', /boolean/],
    [{ plan: { track: { A: { enable: false } } } }, 'plan.track.A.enable', /is not allowed/],
    [{ plan: { page: {} } }, 'plan.page', /is not allowed/],
    [{ metrics: { sampleRate: 1.5 } }, 'metrics.sampleRate', /less than or equal to 1/],
    [{ deliveryStrategy: { config: {} } }, 'deliveryStrategy.strategy', /is required/],
    [{ deliveryStrategy: { strategy: 'all' } }, 'deliveryStrategy.strategy', /standard, batching/],
    [
      { deliveryStrategy: { strategy: 'batching', config: { size: 0 } } },
      'deliveryStrategy.config.size',
      /greater than or equal to 1/,
    ],
    [
      { httpConfig: { backoffConfig: { statusCodeOverrides: { 503: 'wait' } } } },
      'httpConfig.backoffConfig.statusCodeOverrides.503',
      /drop, retry/,
    ],
    [{ edgeFunction: { version: 1 } }, 'edgeFunction.downloadURL', /is required/],
    [
      { remotePlugins: [{ ...everything.remotePlugins[0], url: 'javascript:alert(1)' }] },
      'remotePlugins.0.url',
      /pattern/,
    ],
    [{ consentSettings: { allCategories: ['1st'] } }, 'consentSettings.allCategories.0', /pattern/],
    [
      { middlewareSettings: { routingRules: [rule] } },
      'middlewareSettings.routingRules.0.matchers.0.ir',
      /JSON text/,
    ],
    [
      {
        middlewareSettings: {
          routingRules: [{ ...rule, matchers: [{ type: 'all', ir: '' }], transformers: [] }],
        },
      },
      'middlewareSettings.routingRules.0.transformers',
      /one list for each matcher/,
    ],
    [
      { legacyVideoPluginsEnabled: 'yes', retryQueue: true },
      'legacyVideoPluginsEnabled',
      /boolean/,
    ],
    [{ unbundledIntegrations: [''] }, 'unbundledIntegrations.0', /empty/],
  ];
  for (const [body, field, message] of cases) {
    const { status, at } = await patch(body);
    assert.equal(status, 422, field);
    const errors: Json = at('errors') ?? [];
    assert.deepEqual([at('errors.0.field'), Array.isArray(errors) && errors.length], [field, 1]);
    assert.match(String(at('errors.0.message')), message);
  }
  assert.equal(held(), undefined);
});

test('settings that would make every page heavy are refused', async (t) => {
  const { patch } = await start(t);
  const track = (from: number) =>
    Object.fromEntries(
      Array.from({ length: 3_000 }, (_, n) => [`Event ${from + n}`.padEnd(40), { enabled: false }]),
    );
  assert.equal((await patch({ plan: { track: track(0) } })).status, 200);
  assert.equal((await patch({ plan: { track: track(3_000) } })).status, 422);
});

test('a key named __proto__ is data like any other', async (t) => {
  const { rig, held } = await start(t);
  const [source] = rig.control.snapshot().sources;
  const answer = await rig.control.app.inject({
    method: 'PATCH',
    url: `/api/sources/${source?.id}/client-settings`,
    headers: { authorization: 'Bearer trb_test-admin-token-0123456789abcdef' },
    payload: JSON.parse('{"plan":{"track":{"__proto__":{"enabled":false}}}}'),
  });
  assert.ok([200, 400, 422].includes(answer.statusCode));
  assert.equal(Object.hasOwn(Object.prototype, 'enabled'), false);
  assert.ok(answer.statusCode !== 200 || Object.hasOwn(held()?.plan?.track ?? {}, '__proto__'));
});
