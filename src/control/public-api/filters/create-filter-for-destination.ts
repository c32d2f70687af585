import { makeFilter } from '../../destinations/filters/make-filter.ts';
import { findDestination } from '../../destinations/find-destination.ts';
import { InputFailure } from '../../input-failure.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { Condition, Filter, FilterActions, FilterTitle } from '../models/filter.ts';
import { presentFilter } from './present-filter.ts';

export const createFilterForDestination = writeOperation({
  operationId: 'createFilterForDestination',
  method: 'POST',
  path: '/destination/{destinationId}/filters',
  tag: 'Destination Filters',
  summary: 'Adds a filter to a destination',
  permission: 'write',
  on: { destination: 'destinationId' },
  audit: { type: 'Destination Filter Created', resourceType: 'destination-filter' },
  params: Type.Object({ destinationId: Id }),
  body: Type.Object({
    sourceId: Id,
    if: Condition,
    actions: FilterActions,
    title: FilterTitle,
    description: Type.Optional(Type.String({ maxLength: 1_000 })),
    enabled: Type.Optional(Type.Boolean()),
  }),
  response: Type.Object({ filter: Filter }),
  handle: async (context, { params, body }) => {
    const destination = await findDestination(context.db, params.destinationId);
    if (body.sourceId !== destination.source_id) {
      const message = '"sourceId" is not the source of the destination';
      throw new InputFailure([{ field: 'sourceId', message }]);
    }
    const row = await makeFilter(context, destination, body);
    return {
      data: { filter: presentFilter(destination, row) },
      audited: { resourceId: row.id, resourceName: row.title },
    };
  },
});
