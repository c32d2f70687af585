import { findSubscription } from '../../destinations/subscriptions/find-subscription.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { presentSubscription } from './present-subscription.ts';

export const removeSubscriptionFromDestination = writeOperation({
  operationId: 'removeSubscriptionFromDestination',
  method: 'DELETE',
  path: '/destinations/{destinationId}/subscriptions/{id}',
  tag: 'Destinations',
  summary: 'Removes a subscription of a destination',
  permission: 'write',
  on: { destination: 'destinationId' },
  tiers: ['v1alpha'],
  perMinute: 5,
  audit: { type: 'Destination Subscription Deleted', resourceType: 'destination' },
  params: Type.Object({ destinationId: Id, id: Id }),
  response: StatusOutput,
  handle: async ({ db }, { params }) => {
    const row = await findSubscription(db, params.destinationId, params.id);
    await db.deleteFrom('destination_subscription').where('id', '=', row.id).execute();
    return {
      data: success,
      audited: {
        resourceId: row.destination_id,
        resourceName: row.name,
        before: { subscription: presentSubscription(row) },
      },
    };
  },
});
