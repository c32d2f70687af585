import type { JsonObject } from '../../core/json.ts';
import type { DeviceConfig } from '../../core/snapshot.ts';

/**
 * A destination in the browser as `integrations` names it. analytics.js then says in `_metadata.bundled` that it
 * delivers there itself. The `browser` component is that of classic integrations: with it, it would look for one.
 */
export function deviceIntegration({ consentCategories }: DeviceConfig): JsonObject {
  return {
    bundlingStatus: 'bundled',
    versionSettings: { componentTypes: [] },
    ...(consentCategories !== undefined && { consentSettings: { categories: consentCategories } }),
  };
}

/**
 * The same as the plugin that analytics.js loads. It knows nothing of `integrity`: that is for pages that load the
 * script themselves. `address` is ours, without a slash at its end.
 */
export function devicePlugin(
  { integration, bundle, settings, subscriptions }: DeviceConfig,
  address: string,
): JsonObject {
  return {
    name: integration,
    creationName: integration,
    libraryName: bundle.libraryName,
    url: `${address}/next-integrations/actions/${bundle.path}`,
    integrity: bundle.integrity,
    settings: { ...settings, subscriptions: subscriptions.map((one) => ({ ...one })) },
  };
}
