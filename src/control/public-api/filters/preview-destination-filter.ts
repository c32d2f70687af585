import { previewFilter } from '../../destinations/filters/preview-filter.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { FreeObject, nullableObject } from '../frame/schema.ts';
import { Condition, FilterActions } from '../models/filter.ts';

export const previewDestinationFilter = readOperation({
  operationId: 'previewDestinationFilter',
  method: 'POST',
  path: '/destination/filters/preview',
  tag: 'Destination Filters',
  summary: 'What a filter makes of a payload, without keeping it; null where it drops it',
  permission: 'read',
  on: 'source',
  body: Type.Object({
    filter: Type.Object({ if: Condition, actions: FilterActions }),
    payload: FreeObject,
  }),
  response: Type.Object({ inputPayload: FreeObject, result: nullableObject }),
  handle: ({ environment }, { body }) => ({
    inputPayload: body.payload,
    result: previewFilter(environment, body.filter, body.payload),
  }),
});
