import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { readOperation } from '../frame/operation.ts';
import { Id, nullable } from '../frame/schema.ts';

export const getSourceRegion = readOperation({
  operationId: 'getSourceRegion',
  method: 'GET',
  path: '/sources/{sourceId}/region',
  tag: 'Tributary',
  summary: 'The region whose deployment takes the events of a source; null is any',
  permission: 'read',
  on: { source: 'sourceId' },
  params: Type.Object({ sourceId: Id }),
  response: Type.Object({ region: nullable('string') }),
  handle: async ({ db }, { params }) => {
    const { region } = await findSource(db, params.sourceId);
    return { region };
  },
});
