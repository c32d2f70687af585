import { findModel } from '../../reverse-etl/find-model.ts';
import { modelSyncPage } from '../../reverse-etl/syncs.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Id } from '../frame/schema.ts';
import { presentModelSync, ReverseEtlSync } from '../models/reverse-etl.ts';

/** Its page is asked for with flat parameters, unlike all others (spec public-api §4). */
export const listReverseETLSyncStatusesFromModelAndSubscriptionId = readOperation({
  operationId: 'listReverseETLSyncStatusesFromModelAndSubscriptionId',
  method: 'GET',
  path: '/reverse-etl-models/{modelId}/subscriptionId/{subscriptionId}/syncs',
  tag: 'Reverse ETL',
  summary: 'The syncs of a model to one subscription, newest first',
  permission: 'read',
  on: 'entity',
  tiers: ['v1alpha'],
  params: Type.Object({ modelId: Id, subscriptionId: Id }),
  query: Type.Object({
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000 })),
  }),
  response: Type.Object({
    syncStatuses: Type.Array(ReverseEtlSync),
    pagination: PaginationOutput,
  }),
  handle: async (context, { params, query: { count = 10, cursor } }) => {
    const model = await findModel(context.db, params.modelId);
    const request = pageRequest({ pagination: { count, ...(cursor !== undefined && { cursor }) } });
    const page = await modelSyncPage(context, request, model.id, params.subscriptionId);
    const now = context.environment.clock.now();
    return {
      syncStatuses: page.rows.map((row) => presentModelSync(row, model, now)),
      pagination: page.pagination,
    };
  },
});
