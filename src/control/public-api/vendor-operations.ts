import { addDestinationToAudience } from './audience-destinations/add-destination-to-audience.ts';
import { listAudiencesFromDestination } from './audience-destinations/list-audiences-from-destination.ts';
import { listDestinationsFromAudience } from './audience-destinations/list-destinations-from-audience.ts';
import { removeDestinationFromAudience } from './audience-destinations/remove-destination-from-audience.ts';
import { updateDestinationForAudience } from './audience-destinations/update-destination-for-audience.ts';
import { getHooksFromDestinationMetadata } from './catalog/get-hooks-from-destination-metadata.ts';
import { getDestinationLimits } from './destinations/get-destination-limits.ts';
import { updateDestinationLimits } from './destinations/update-destination-limits.ts';
import type { Operation } from './frame/operation.ts';

/** Operations on what destinations do at their vendors, and how much: hooks of mappings, audiences, limits. */
export const vendorOperations: readonly Operation[] = [
  getHooksFromDestinationMetadata,
  listAudiencesFromDestination,
  listDestinationsFromAudience,
  addDestinationToAudience,
  updateDestinationForAudience,
  removeDestinationFromAudience,
  getDestinationLimits,
  updateDestinationLimits,
];
