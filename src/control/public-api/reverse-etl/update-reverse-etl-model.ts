import { changeModel, modelChangeType } from '../../reverse-etl/change-model.ts';
import { findModel } from '../../reverse-etl/find-model.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { presentModel, ReverseEtlModel } from '../models/reverse-etl.ts';

export const updateReverseEtlModel = writeOperation({
  operationId: 'updateReverseEtlModel',
  method: 'PATCH',
  path: '/reverse-etl-models/{modelId}',
  tag: 'Reverse ETL',
  summary: 'Changes a model of reverse ETL',
  permission: 'write',
  on: 'entity',
  tiers: ['v1alpha'],
  audit: { type: 'Model Settings Saved', resourceType: 'reverse-etl-model' },
  params: Type.Object({ modelId: Id }),
  body: Type.Object({
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    description: Type.Optional(Type.String({ maxLength: 10_000 })),
    enabled: Type.Optional(Type.Boolean()),
    query: Type.Optional(Type.String({ minLength: 1, maxLength: 100_000 })),
    queryIdentifierColumn: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  }),
  response: Type.Object({ reverseEtlModel: ReverseEtlModel }),
  handle: async (context, { params, body }) => {
    const row = await findModel(context.db, params.modelId);
    const changed = await changeModel(context, row, body);
    return {
      data: { reverseEtlModel: presentModel(changed) },
      audited: {
        resourceId: row.id,
        resourceName: changed.name,
        type: modelChangeType(row, body),
        before: { reverseEtlModel: presentModel(row) },
      },
    };
  },
});
