import { changeFilter, filterChangeType } from '../../destinations/filters/change-filter.ts';
import { findFilter } from '../../destinations/filters/find-filter.ts';
import { findDestination } from '../../destinations/find-destination.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, nullable } from '../frame/schema.ts';
import { Condition, Filter, FilterActions, FilterTitle } from '../models/filter.ts';
import { presentFilter } from './present-filter.ts';

export const updateFilterForDestination = writeOperation({
  operationId: 'updateFilterForDestination',
  method: 'PATCH',
  path: '/destination/{destinationId}/filters/{filterId}',
  tag: 'Destination Filters',
  summary: 'Changes a filter; actions are replaced as a whole',
  permission: 'write',
  on: { destination: 'destinationId' },
  audit: { type: 'Destination Filter Modified', resourceType: 'destination-filter' },
  params: Type.Object({ destinationId: Id, filterId: Id }),
  body: Type.Object({
    if: Type.Optional(Condition),
    actions: Type.Optional(FilterActions),
    title: Type.Optional(FilterTitle),
    description: Type.Optional(nullable('string')),
    enabled: Type.Optional(Type.Boolean()),
  }),
  response: Type.Object({ filter: Filter }),
  handle: async (context, { params, body }) => {
    const destination = await findDestination(context.db, params.destinationId);
    const row = await findFilter(context.db, destination.id, params.filterId);
    const changed = await changeFilter(context, destination, row, body);
    return {
      data: { filter: presentFilter(destination, changed) },
      audited: {
        resourceId: row.id,
        resourceName: changed.title,
        type: filterChangeType(row, body),
        before: { filter: presentFilter(destination, row) },
      },
    };
  },
});
