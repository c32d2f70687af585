import type { DeliveryLimits } from '../../../core/delivery-limits.ts';
import { findDestination } from '../../destinations/find-destination.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import {
  DestinationLimits,
  DestinationLimitsInput,
  presentDestinationLimits,
} from './destination-limits.ts';

export const updateDestinationLimits = writeOperation({
  operationId: 'updateDestinationLimits',
  method: 'PATCH',
  path: '/destinations/{destinationId}/limits',
  tag: 'Tributary',
  summary: 'Sets limits of deliveries to a destination; null takes one away, what is absent stays',
  permission: 'write',
  on: { destination: 'destinationId' },
  audit: { type: 'Integration Modified', resourceType: 'destination' },
  params: Type.Object({ destinationId: Id }),
  body: DestinationLimitsInput,
  response: Type.Object({ limits: DestinationLimits }),
  handle: async ({ db }, { params, body }) => {
    const row = await findDestination(db, params.destinationId);
    const before: DeliveryLimits = JSON.parse(row.delivery_limits);
    const wanted = { ...presentDestinationLimits(before), ...body };
    const { requestsPerSecond, concurrency } = wanted;
    const limits: DeliveryLimits = {
      ...(typeof requestsPerSecond === 'number' && { requestsPerSecond }),
      ...(typeof concurrency === 'number' && { concurrency }),
    };
    await db
      .updateTable('destination')
      .set({ delivery_limits: JSON.stringify(limits) })
      .where('id', '=', row.id)
      .execute();
    return {
      data: { limits: presentDestinationLimits(limits) },
      audited: {
        resourceId: row.id,
        resourceName: row.name ?? row.id,
        before: { limits: presentDestinationLimits(before) },
      },
    };
  },
});
