import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { presentLimits, SourceLimitsOutput } from './source-limits.ts';

export const getSourceLimits = readOperation({
  operationId: 'getSourceLimits',
  method: 'GET',
  path: '/sources/{sourceId}/limits',
  tag: 'Tributary',
  summary: 'The limits set for a source',
  permission: 'read',
  on: { source: 'sourceId' },
  params: Type.Object({ sourceId: Id }),
  response: Type.Object({ limits: SourceLimitsOutput }),
  handle: async ({ db }, { params }) => {
    const row = await findSource(db, params.sourceId);
    return { limits: presentLimits(JSON.parse(row.limits)) };
  },
});
