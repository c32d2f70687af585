import { findModel } from '../../reverse-etl/find-model.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { presentModel, ReverseEtlModel } from '../models/reverse-etl.ts';

export const getReverseEtlModel = readOperation({
  operationId: 'getReverseEtlModel',
  method: 'GET',
  path: '/reverse-etl-models/{modelId}',
  tag: 'Reverse ETL',
  summary: 'One model of reverse ETL',
  permission: 'read',
  on: 'entity',
  tiers: ['v1alpha'],
  params: Type.Object({ modelId: Id }),
  response: Type.Object({ reverseEtlModel: ReverseEtlModel }),
  handle: async ({ db }, { params }) => ({
    reverseEtlModel: presentModel(await findModel(db, params.modelId)),
  }),
});
