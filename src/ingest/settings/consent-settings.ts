import type { JsonObject } from '../../core/json.ts';
import type { ClientSource } from './client-source.ts';

/**
 * What Segment's consent wrapper reads: the categories any destination is mapped to, and whether one is mapped to
 * none. Of consents that concern no category in this list, the wrapper would send nothing at all; so while nothing is
 * mapped, what takes the events here counts as the unmapped destination.
 */
export function consentSettings({ settings, connections, devices }: ClientSource): JsonObject {
  const mapped = [...connections, ...devices].map(
    ({ consentCategories = [] }) => consentCategories,
  );
  const { allCategories = [], hasUnmappedDestinations } = settings.consentSettings ?? {};
  const all = [...new Set([...mapped.flat(), ...allCategories])].sort();
  const someUnmapped = all.length === 0 || mapped.some((categories) => categories.length === 0);
  return {
    allCategories: all,
    hasUnmappedDestinations: hasUnmappedDestinations ?? someUnmapped,
  };
}
