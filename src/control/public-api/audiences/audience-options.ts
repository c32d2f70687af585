import type { JsonObject } from '../../../core/json.ts';
import type { Static } from '../../schemas/type.ts';
import type { AudienceOptionsInput } from '../models/audience.ts';

/** What is kept of options: a client may send more. */
export function audienceOptions(given: Static<typeof AudienceOptionsInput>): JsonObject {
  const { includeHistoricalData, filterByExternalIds, backfillEventDataDays } = given;
  return {
    ...(includeHistoricalData !== undefined && { includeHistoricalData }),
    ...(filterByExternalIds !== undefined && { filterByExternalIds }),
    ...(backfillEventDataDays !== undefined && { backfillEventDataDays }),
  };
}
