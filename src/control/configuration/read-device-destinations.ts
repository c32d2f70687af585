import { type DeviceDestination, isDeviceDestination } from '../../core/device-mode.ts';
import { deviceRules } from '../../core/filters/device-rules.ts';
import type { JsonObject } from '../../core/json.ts';
import type { DeviceConfig } from '../../core/snapshot.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { browserSubscriptions } from '../destinations/subscriptions/browser-subscriptions.ts';
import type { StoredDestinations } from './stored-destinations.ts';

/**
 * The destinations in the browser, as ingest tells them to analytics.js. One without a setting that its script cannot
 * do without is left out: the script would call its vendor with `undefined`.
 */
export function readDeviceDestinations(
  { rows, subscriptions, filters }: StoredDestinations,
  catalog: Catalog,
): DeviceConfig[] {
  return rows.flatMap((row) => {
    const kind = catalog.destination(row.metadata_id);
    if (kind === undefined || !isDeviceDestination(kind)) return [];
    const set: JsonObject = JSON.parse(row.settings);
    const settings = catalog.withDefaults(kind, set);
    if (missingSettings(kind, settings).length > 0) return [];
    const consentCategories: string[] = JSON.parse(row.consent_categories);
    const rules = deviceRules(kind.name, filters.get(row.id) ?? []);
    // Checked when it was written: only a newer version can have let it through. The page must not send more than it says.
    if (!rules.ok) return [];
    return [
      {
        id: row.id,
        sourceId: row.source_id,
        integration: kind.name,
        enabled: row.enabled === 1,
        bundle: kind.bundle,
        settings,
        subscriptions: browserSubscriptions(row, kind, subscriptions.get(row.id) ?? []),
        ...(rules.rules.length > 0 && { routingRules: rules.rules }),
        ...(consentCategories.length > 0 && { consentCategories }),
      },
    ];
  });
}

/** Names of the required settings that have no value. */
export function missingSettings(kind: DeviceDestination, settings: JsonObject): string[] {
  return kind.options
    .filter(({ name, required }) => {
      const value = settings[name];
      return required && (value === undefined || value === '');
    })
    .map(({ name }) => name);
}
