import { findModel } from '../../reverse-etl/find-model.ts';
import { cancelSync, findSync } from '../../reverse-etl/syncs.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';

export const cancelReverseETLSyncForModel = writeOperation({
  operationId: 'cancelReverseETLSyncForModel',
  method: 'POST',
  path: '/reverse-etl-models/{modelId}/syncs/{syncId}/cancel',
  tag: 'Reverse ETL',
  summary: 'Ends a sync that runs; 409 for one that has ended',
  permission: 'write',
  on: 'entity',
  tiers: ['v1alpha'],
  audit: { type: 'Model Sync Cancelled', resourceType: 'reverse-etl-model' },
  params: Type.Object({ modelId: Id, syncId: Id }),
  body: Type.Object({
    reasonForCanceling: Type.Optional(Type.Integer({ minimum: 0, maximum: 4 })),
  }),
  response: Type.Object({
    modelId: Type.String(),
    syncId: Type.String(),
    status: Type.Optional(Type.String()),
  }),
  handle: async (context, { params, body }) => {
    const model = await findModel(context.db, params.modelId);
    const row = await findSync(context.db, model.id, params.syncId);
    const { status } = await cancelSync(context, row, body.reasonForCanceling);
    return {
      data: { modelId: model.id, syncId: row.id, status },
      audited: { resourceId: model.id, resourceName: model.name },
    };
  },
});
