import type { JsonObject } from '../core/json.ts';

/**
 * The settings analytics.js and the mobile SDKs load first (spec tracking-api §2.5). `apiHost` and
 * `protocol` are always there: without them SDKs send to Segment.
 */
export function projectSettings(writeKey: string, origin: URL): JsonObject {
  const apiHost = `${origin.host}${origin.pathname.replace(/\/$/, '')}/v1`;
  const protocol = origin.protocol.slice(0, -1);
  return {
    integrations: {
      'Segment.io': {
        apiKey: writeKey,
        apiHost,
        protocol,
        unbundledIntegrations: [],
        addBundledMetadata: true,
        maybeBundledConfigIds: {},
        versionSettings: { version: '4.4.7', componentTypes: ['browser'] },
      },
    },
    plan: {
      track: { __default: { enabled: true, integrations: {} } },
      identify: { __default: { enabled: true } },
      group: { __default: { enabled: true } },
    },
    middlewareSettings: { routingRules: [] },
    enabledMiddleware: {},
    remotePlugins: [],
    metrics: { sampleRate: 0, host: apiHost, protocol },
    legacyVideoPluginsEnabled: false,
    analyticsNextEnabled: true,
    edgeFunction: {},
    autoInstrumentationSettings: { sampleRate: 0 },
    consentSettings: { allCategories: [], hasUnmappedDestinations: false },
  };
}
