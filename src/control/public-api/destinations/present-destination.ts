import assert from 'node:assert/strict';
import { destinationMetadata } from '../../catalog/destination-metadata.ts';
import { shownSettings } from '../../destinations/destination-settings.ts';
import { type DestinationRow, kindOf } from '../../destinations/find-destination.ts';
import type { Environment } from '../../environment.ts';
import type { Static } from '../../schemas/type.ts';
import type { Destination } from '../models/destination.ts';

/** Destinations as the API shows them: with the defaults, secrets masked. Those of unknown kinds are left out. */
export function presentDestinations(
  environment: Environment,
  rows: readonly DestinationRow[],
): Static<typeof Destination>[] {
  return rows.flatMap((row) => {
    const kind = environment.catalog.destination(row.metadata_id);
    if (kind === undefined) return [];
    return [
      {
        id: row.id,
        ...(row.name === null ? {} : { name: row.name }),
        enabled: row.enabled === 1,
        metadata: destinationMetadata(kind),
        sourceId: row.source_id,
        settings: shownSettings(environment, kind, row),
      },
    ];
  });
}

/** One destination as the API shows it. Throws `not_found` when its kind is not known here. */
export function presentDestination(
  environment: Environment,
  row: DestinationRow,
): Static<typeof Destination> {
  kindOf(environment.catalog, row);
  const [destination] = presentDestinations(environment, [row]);
  assert(destination !== undefined, 'its kind is known');
  return destination;
}
