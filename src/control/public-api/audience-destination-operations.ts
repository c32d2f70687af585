import { addDestinationToAudience } from './audience-destinations/add-destination-to-audience.ts';
import { listAudiencesFromDestination } from './audience-destinations/list-audiences-from-destination.ts';
import { listDestinationsFromAudience } from './audience-destinations/list-destinations-from-audience.ts';
import { removeDestinationFromAudience } from './audience-destinations/remove-destination-from-audience.ts';
import { updateDestinationForAudience } from './audience-destinations/update-destination-for-audience.ts';
import { getHooksFromDestinationMetadata } from './catalog/get-hooks-from-destination-metadata.ts';
import type { Operation } from './frame/operation.ts';

/** Operations on what destinations do at their vendors: hooks of mappings, and audiences. */
export const audienceDestinationOperations: readonly Operation[] = [
  getHooksFromDestinationMetadata,
  listAudiencesFromDestination,
  listDestinationsFromAudience,
  addDestinationToAudience,
  updateDestinationForAudience,
  removeDestinationFromAudience,
];
