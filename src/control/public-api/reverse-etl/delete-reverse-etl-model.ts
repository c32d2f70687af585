import { deleteModel } from '../../reverse-etl/delete-model.ts';
import { findModel } from '../../reverse-etl/find-model.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { presentModel } from '../models/reverse-etl.ts';

export const deleteReverseEtlModel = writeOperation({
  operationId: 'deleteReverseEtlModel',
  method: 'DELETE',
  path: '/reverse-etl-models/{modelId}',
  tag: 'Reverse ETL',
  summary: 'Deletes a model, its syncs and the subscriptions that take its rows',
  permission: 'write',
  on: 'entity',
  tiers: ['v1alpha'],
  audit: { type: 'Model Deleted', resourceType: 'reverse-etl-model' },
  params: Type.Object({ modelId: Id }),
  response: StatusOutput,
  handle: async (context, { params }) => {
    const row = await findModel(context.db, params.modelId);
    await deleteModel(context, row);
    return {
      data: success,
      audited: {
        resourceId: row.id,
        resourceName: row.name,
        before: { reverseEtlModel: presentModel(row) },
      },
    };
  },
});
