import { startSync } from '../../reverse-etl/syncs.ts';
import { Type } from '../../schemas/type.ts';
import { isoTime } from '../frame/iso-time.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';

export const createReverseETLManualSync = writeOperation({
  operationId: 'createReverseETLManualSync',
  method: 'POST',
  path: '/reverse-etl-syncs',
  tag: 'Reverse ETL',
  summary: 'Asks for a sync of a model to one subscription now; its status says what came of it',
  permission: 'write',
  on: 'entity',
  tiers: ['v1alpha'],
  perMinute: 20,
  audit: { type: 'Model Sync Started', resourceType: 'reverse-etl-model' },
  body: Type.Object({ sourceId: Id, modelId: Id, subscriptionId: Id }),
  response: Type.Object({
    reverseETLManualSync: Type.Object({ startedAt: Type.String(), syncId: Type.String() }),
  }),
  handle: async (context, { body }) => {
    const row = await startSync(context, body);
    return {
      data: {
        reverseETLManualSync: { startedAt: isoTime(Number(row.started_at)), syncId: row.id },
      },
      audited: { resourceId: body.modelId, resourceName: row.id },
    };
  },
});
