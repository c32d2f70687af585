import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { planOfSource } from '../../tracking-plans/sources/plan-of-source.ts';
import { readOperation } from '../frame/operation.ts';
import { Id, nullable } from '../frame/schema.ts';
import { Source } from '../models/source.ts';
import { presentSource } from './present-source.ts';

export const getSource = readOperation({
  operationId: 'getSource',
  method: 'GET',
  path: '/sources/{sourceId}',
  tag: 'Sources',
  summary: 'One source',
  permission: 'read',
  on: { source: 'sourceId' },
  params: Type.Object({ sourceId: Id }),
  response: Type.Object({ source: Source, trackingPlanId: nullable('string') }),
  handle: async (context, { params }) => {
    const row = await findSource(context.db, params.sourceId);
    const trackingPlanId = (await planOfSource(context.db, row.id)) ?? null;
    return { source: await presentSource(context, row), trackingPlanId };
  },
});
