import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { presentPolicy, SourcePolicyOutput } from './source-policy.ts';

export const getSourcePolicy = readOperation({
  operationId: 'getSourcePolicy',
  method: 'GET',
  path: '/sources/{sourceId}/policy',
  tag: 'Tributary',
  summary: 'What a source does about bots, addresses and countries',
  permission: 'read',
  on: { source: 'sourceId' },
  params: Type.Object({ sourceId: Id }),
  response: Type.Object({ policy: SourcePolicyOutput }),
  handle: async ({ db }, { params }) => {
    const row = await findSource(db, params.sourceId);
    return { policy: presentPolicy(JSON.parse(row.policy)) };
  },
});
