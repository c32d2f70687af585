import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import {
  changedPolicy,
  presentPolicy,
  SourcePolicyInput,
  SourcePolicyOutput,
} from './source-policy.ts';

export const updateSourcePolicy = writeOperation({
  operationId: 'updateSourcePolicy',
  method: 'PATCH',
  path: '/sources/{sourceId}/policy',
  tag: 'Tributary',
  summary: 'Sets what a source does about bots, addresses and countries; what is absent stays',
  permission: 'write',
  on: { source: 'sourceId' },
  audit: { type: 'Source Modified', resourceType: 'source' },
  params: Type.Object({ sourceId: Id }),
  body: SourcePolicyInput,
  response: Type.Object({ policy: SourcePolicyOutput }),
  handle: async ({ db }, { params, body }) => {
    const row = await findSource(db, params.sourceId);
    const policy = changedPolicy(JSON.parse(row.policy), body);
    await db
      .updateTable('source')
      .set({ policy: JSON.stringify(policy) })
      .where('id', '=', row.id)
      .execute();
    return {
      data: { policy: presentPolicy(policy) },
      audited: {
        resourceId: row.id,
        resourceName: row.name,
        before: { policy: presentPolicy(JSON.parse(row.policy)) },
      },
    };
  },
});
