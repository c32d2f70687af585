import type { Json, JsonObject } from '../../core/json.ts';
import type { ClientSource } from './client-source.ts';
import { consentSettings } from './consent-settings.ts';
import { deviceIntegration, devicePlugin } from './device-plugins.ts';

/**
 * The settings analytics.js and the mobile SDKs load first (spec tracking-api §2.5). `apiHost` and
 * `protocol` are always there: without them SDKs send to Segment. Parts that Kotlin reads as objects are objects.
 */
export function projectSettings(writeKey: string, origin: URL, source: ClientSource): JsonObject {
  const { settings, devices } = source;
  const address = origin.href.replace(/\/$/, '');
  const apiHost = `${origin.host}${origin.pathname.replace(/\/$/, '')}/v1`;
  const protocol = origin.protocol.slice(0, -1);
  const integrations = devices.map((one) => [one.integration, deviceIntegration(one)] as const);
  return {
    integrations: {
      'Segment.io': segmentIntegration(source, { apiKey: writeKey, apiHost, protocol }),
      ...Object.fromEntries(integrations),
    },
    plan: {
      track: { ...plannedEvents(source), ...settings.plan?.track },
      identify: { __default: { enabled: true }, ...settings.plan?.identify },
      group: { __default: { enabled: true }, ...settings.plan?.group },
    },
    middlewareSettings: { ...settings.middlewareSettings, routingRules: routingRules(source) },
    enabledMiddleware: settings.enabledMiddleware ?? {},
    remotePlugins: [
      ...devices.map((one) => devicePlugin(one, address)),
      ...(settings.remotePlugins ?? []),
    ],
    metrics: { sampleRate: 0, host: apiHost, protocol, ...settings.metrics },
    legacyVideoPluginsEnabled: settings.legacyVideoPluginsEnabled ?? false,
    analyticsNextEnabled: true,
    edgeFunction: settings.edgeFunction ?? {},
    autoInstrumentationSettings: { sampleRate: 0, ...settings.autoInstrumentationSettings },
    consentSettings: consentSettings(source),
  };
}

/** Unless the source says more: all events, or those of the tracking plan where all others are blocked. */
function plannedEvents({ onlyEvents }: ClientSource): JsonObject {
  const on = { enabled: true, integrations: {} };
  if (onlyEvents === undefined) return { __default: on };
  const planned = onlyEvents.map((name) => [name, on] as const);
  return { __default: { enabled: false, integrations: {} }, ...Object.fromEntries(planned) };
}

/** The filters of destinations in the browser, then the rules that are set for the source itself. */
function routingRules({ settings, devices }: ClientSource): readonly Json[] {
  const own = settings.middlewareSettings?.['routingRules'];
  return [
    ...devices.flatMap(({ routingRules = [] }) => routingRules),
    ...(Array.isArray(own) ? own : []),
  ];
}

/** Where and how the SDK sends to us, and what it says of the other destinations. */
function segmentIntegration(
  { settings, connections, devices }: ClientSource,
  address: JsonObject,
): JsonObject {
  const unbundled = [
    ...connections.map(({ integration }) => integration),
    ...(settings.unbundledIntegrations ?? []),
  ];
  const ids = Map.groupBy(devices, ({ integration }) => integration);
  return {
    ...address,
    unbundledIntegrations: [...new Set(unbundled)],
    addBundledMetadata: true,
    maybeBundledConfigIds: Object.fromEntries(
      [...ids].map(([name, instances]) => [name, instances.map(({ id }) => id)]),
    ),
    versionSettings: { version: '4.4.7', componentTypes: ['browser'] },
    retryQueue: settings.retryQueue ?? true,
    ...(settings.deliveryStrategy && { deliveryStrategy: settings.deliveryStrategy }),
    ...(settings.httpConfig && { httpConfig: settings.httpConfig }),
  };
}
