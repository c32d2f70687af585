import { findModel } from '../../reverse-etl/find-model.ts';
import { findSync } from '../../reverse-etl/syncs.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { presentModelSync, ReverseEtlSync } from '../models/reverse-etl.ts';

export const getReverseETLSyncStatus = readOperation({
  operationId: 'getReverseETLSyncStatus',
  method: 'GET',
  path: '/reverse-etl-models/{modelId}/syncs/{syncId}',
  tag: 'Reverse ETL',
  summary: 'What came of a sync',
  permission: 'read',
  on: 'entity',
  tiers: ['v1alpha'],
  perMinute: 250,
  params: Type.Object({ modelId: Id, syncId: Id }),
  response: Type.Object({ reverseETLSyncStatus: ReverseEtlSync }),
  handle: async ({ db, environment }, { params }) => {
    const model = await findModel(db, params.modelId);
    const row = await findSync(db, model.id, params.syncId);
    return { reverseETLSyncStatus: presentModelSync(row, model, environment.clock.now()) };
  },
});
