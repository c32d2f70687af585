import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectionConfig, DeviceConfig, Snapshot } from '../../core/snapshot.ts';
import { type ClientSource, clientSource } from './client-source.ts';
import { projectSettings } from './project-settings.ts';

const connection = (integration: string, consentCategories?: string[]): ConnectionConfig => ({
  ...{ id: integration, sourceId: 'src', slug: integration, integration, enabled: true },
  ...{ since: 0, settings: {}, ...(consentCategories && { consentCategories }) },
});
const device = (integration: string, consentCategories?: string[]): DeviceConfig => ({
  ...{ id: `id-of-${integration}`, sourceId: 'src', integration, enabled: true },
  bundle: { path: 'heap/1a.js', libraryName: 'heapDestination', integrity: 'sha384-x' },
  settings: { appId: '7' },
  subscriptions: [
    { name: 'T', enabled: true, partnerAction: 'track', subscribe: 'type = "track"', mapping: {} },
  ],
  ...(consentCategories && { consentCategories }),
});
const plain: ClientSource = { settings: {}, connections: [], devices: [] };
const settingsOf = (source: Partial<ClientSource>, origin = 'https://cdp.example/in') =>
  JSON.parse(JSON.stringify(projectSettings('key', new URL(origin), { ...plain, ...source })));

test('a destination in the browser is a bundled integration and a plugin with its subscriptions', () => {
  const { integrations, remotePlugins } = settingsOf({ devices: [device('Heap', ['C1'])] });
  assert.deepEqual(integrations['Heap'], {
    bundlingStatus: 'bundled',
    versionSettings: { componentTypes: [] },
    consentSettings: { categories: ['C1'] },
  });
  assert.deepEqual(integrations['Segment.io'].maybeBundledConfigIds, { Heap: ['id-of-Heap'] });
  assert.deepEqual(remotePlugins, [
    {
      ...{ name: 'Heap', creationName: 'Heap', libraryName: 'heapDestination' },
      url: 'https://cdp.example/in/next-integrations/actions/heap/1a.js',
      integrity: 'sha384-x',
      settings: { appId: '7', subscriptions: device('Heap').subscriptions },
    },
  ]);
});

test('a destination of the server is named as unbundled, and nowhere else', () => {
  const { integrations, remotePlugins } = settingsOf({
    connections: [connection('Webhooks'), connection('Webhooks')],
    settings: { unbundledIntegrations: ['Elsewhere'] },
  });
  assert.deepEqual(integrations['Segment.io'].unbundledIntegrations, ['Webhooks', 'Elsewhere']);
  assert.deepEqual(Object.keys(integrations), ['Segment.io']);
  assert.deepEqual(remotePlugins, []);
});

test('what is set for the source replaces the defaults, part by part', () => {
  const rule = { destinationName: 'Heap', matchers: [], transformers: [] };
  const plugin = { name: 'Own', url: 'https://own.example/a.js' };
  const { integrations, plan, ...rest } = settingsOf({
    settings: {
      plan: { track: { Off: { enabled: false } }, group: { __default: { enabled: false } } },
      middlewareSettings: { routingRules: [rule] },
      enabledMiddleware: { '@segment/x': true },
      remotePlugins: [plugin],
      httpConfig: { backoffConfig: { maxRetryCount: 3 } },
      deliveryStrategy: { strategy: 'batching', config: { size: 2 } },
      metrics: { sampleRate: 0.1 },
      retryQueue: false,
      legacyVideoPluginsEnabled: true,
      edgeFunction: { downloadURL: 'https://own.example/e.js', version: 1 },
      autoInstrumentationSettings: { sampleRate: 1 },
    },
  });
  assert.deepEqual(plan, {
    track: { __default: { enabled: true, integrations: {} }, Off: { enabled: false } },
    identify: { __default: { enabled: true } },
    group: { __default: { enabled: false } },
  });
  assert.partialDeepStrictEqual(integrations['Segment.io'], {
    httpConfig: { backoffConfig: { maxRetryCount: 3 } },
    deliveryStrategy: { strategy: 'batching', config: { size: 2 } },
    retryQueue: false,
  });
  assert.deepEqual(rest, {
    middlewareSettings: { routingRules: [rule] },
    enabledMiddleware: { '@segment/x': true },
    remotePlugins: [plugin],
    metrics: { sampleRate: 0.1, host: 'cdp.example/in/v1', protocol: 'https' },
    legacyVideoPluginsEnabled: true,
    analyticsNextEnabled: true,
    edgeFunction: { downloadURL: 'https://own.example/e.js', version: 1 },
    autoInstrumentationSettings: { sampleRate: 1 },
    consentSettings: { allCategories: [], hasUnmappedDestinations: true },
  });
});

test('consent: all categories of all destinations, and whether one has none', () => {
  const mapped = [connection('A', ['C2', 'C1'])];
  const consent = (source: Partial<ClientSource>) => settingsOf(source).consentSettings;
  assert.deepEqual(consent({ connections: mapped, devices: [device('B', ['C1', 'C3'])] }), {
    allCategories: ['C1', 'C2', 'C3'],
    hasUnmappedDestinations: false,
  });
  assert.deepEqual(consent({ connections: mapped, devices: [device('B')] }), {
    allCategories: ['C1', 'C2'],
    hasUnmappedDestinations: true,
  });
  const own = { allCategories: ['C9'], hasUnmappedDestinations: true };
  assert.deepEqual(consent({ connections: mapped, settings: { consentSettings: own } }), {
    allCategories: ['C1', 'C2', 'C9'],
    hasUnmappedDestinations: true,
  });
});

test('the consent wrapper is never told to send nothing while no destination is mapped', () => {
  const none = { allCategories: [], hasUnmappedDestinations: true };
  assert.deepEqual(settingsOf({}).consentSettings, none);
  assert.deepEqual(settingsOf({ connections: [connection('A')] }).consentSettings, none);
});

test('filters of destinations in the browser are routing rules, before those of the source', () => {
  const rule = (name: string) => ({ destinationName: name, matchers: [], transformers: [] });
  const { middlewareSettings } = settingsOf({
    devices: [{ ...device('Heap'), routingRules: [rule('Heap')] }, device('Other')],
    settings: { middlewareSettings: { routingRules: [rule('Own')] } },
  });
  assert.deepEqual(middlewareSettings, { routingRules: [rule('Heap'), rule('Own')] });
});

test('where the tracking plan blocks all other events, its own are named and the default is off', () => {
  const track = {
    allowUnplannedEvents: false,
    allowUnplannedEventProperties: true,
    allowEventOnViolations: false,
    allowPropertiesOnViolations: true,
    common: 'ALLOW',
  } as const;
  const traits = {
    allowUnplannedTraits: true,
    allowTraitsOnViolations: true,
    common: 'ALLOW',
  } as const;
  const rule = (key: string, version: number) => ({
    type: 'TRACK' as const,
    key,
    version,
    schema: {},
  });
  const snapshot = (allowUnplannedEvents: boolean): Snapshot => ({
    ...{ version: 1, workspace: { id: 'w', slug: 'w', name: 'w' }, connections: [], replays: [] },
    trackingPlans: [{ id: 'tp', name: 'P', rules: [rule('Bought', 1), rule('Bought', 2)] }],
    sources: [
      {
        ...{ id: 'src', slug: 's', name: 's', enabled: true, writeKeys: [], limits: {} },
        clientSettings: { plan: { track: { Kept: { enabled: true } } } },
        plan: {
          plan: 'tp',
          track: { ...track, allowUnplannedEvents },
          identify: traits,
          group: traits,
        },
      },
    ],
  });
  const planOf = (allows: boolean) => settingsOf(clientSource(snapshot(allows), 'src')).plan.track;
  assert.deepEqual(planOf(false), {
    __default: { enabled: false, integrations: {} },
    Bought: { enabled: true, integrations: {} },
    'Segment Consent Preference Updated': { enabled: true, integrations: {} },
    Kept: { enabled: true },
  });
  assert.deepEqual(planOf(true), {
    __default: { enabled: true, integrations: {} },
    Kept: { enabled: true },
  });
});
