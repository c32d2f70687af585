import { findDestination } from '../../destinations/find-destination.ts';
import { makeSubscription } from '../../destinations/subscriptions/make-subscription.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { FreeObject, Id } from '../frame/schema.ts';
import { DestinationSubscription, SubscriptionName, Trigger } from '../models/subscription.ts';
import { presentSubscription } from './present-subscription.ts';

export const createDestinationSubscription = writeOperation({
  operationId: 'createDestinationSubscription',
  method: 'POST',
  path: '/destinations/{destinationId}/subscriptions',
  tag: 'Destinations',
  summary: 'Adds a subscription to a destination of actions',
  permission: 'write',
  on: { destination: 'destinationId' },
  tiers: ['v1alpha'],
  perMinute: 5,
  audit: { type: 'Destination Subscription Created', resourceType: 'destination' },
  params: Type.Object({ destinationId: Id }),
  body: Type.Object({
    name: SubscriptionName,
    actionId: Id,
    trigger: Trigger,
    enabled: Type.Optional(Type.Boolean()),
    settings: Type.Optional(FreeObject),
    modelId: Type.Optional(Id),
  }),
  response: Type.Object({ destinationSubscription: DestinationSubscription }),
  handle: async (context, { params, body }) => {
    const destination = await findDestination(context.db, params.destinationId);
    const row = await makeSubscription(context, destination, body);
    return {
      data: { destinationSubscription: presentSubscription(row) },
      audited: { resourceId: destination.id, resourceName: row.name },
    };
  },
});
