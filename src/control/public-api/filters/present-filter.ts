import type { FilterRow } from '../../destinations/filters/find-filter.ts';
import type { DestinationRow } from '../../destinations/find-destination.ts';
import type { Static } from '../../schemas/type.ts';
import { isoTime } from '../frame/iso-time.ts';
import type { Filter } from '../models/filter.ts';

export function presentFilter(destination: DestinationRow, row: FilterRow): Static<typeof Filter> {
  return {
    id: row.id,
    sourceId: destination.source_id,
    destinationId: row.destination_id,
    if: row.condition,
    actions: JSON.parse(row.actions),
    title: row.title,
    ...(row.description !== null && { description: row.description }),
    enabled: row.enabled === 1,
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
  };
}
