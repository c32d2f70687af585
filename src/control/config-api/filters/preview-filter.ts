import { previewFilter as previewOf } from '../../destinations/filters/preview-filter.ts';
import { FreeObject, nullableObject } from '../../public-api/frame/schema.ts';
import { Type } from '../../schemas/type.ts';
import { configRead } from '../frame/config-operation.ts';
import { FilterActionsInput, readActions } from './filter-input.ts';

export const previewFilter = configRead({
  operationId: 'configPreviewFilter',
  method: 'POST',
  path: '/filters/preview',
  tag: 'Destination Filters',
  summary: 'What a filter makes of a payload, without keeping it; null where it drops it',
  permission: 'read',
  area: 'source',
  body: Type.Object({
    filter: Type.Object({ if: Type.String({ minLength: 1 }), actions: FilterActionsInput }),
    payload: FreeObject,
  }),
  response: Type.Object({ input_payload: FreeObject, result: nullableObject }),
  handle: ({ environment }, { body: { filter, payload } }) => ({
    input_payload: payload,
    result: previewOf(
      environment,
      { if: filter.if, actions: readActions(filter.actions) },
      payload,
    ),
  }),
});
