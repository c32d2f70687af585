import { findSubscription } from '../../destinations/subscriptions/find-subscription.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { DestinationSubscription } from '../models/subscription.ts';
import { presentSubscription } from './present-subscription.ts';

export const getSubscriptionFromDestination = readOperation({
  operationId: 'getSubscriptionFromDestination',
  method: 'GET',
  path: '/destinations/{destinationId}/subscriptions/{id}',
  tag: 'Destinations',
  summary: 'One subscription of a destination',
  permission: 'read',
  on: { destination: 'destinationId' },
  tiers: ['v1alpha'],
  params: Type.Object({ destinationId: Id, id: Id }),
  response: Type.Object({ subscription: DestinationSubscription }),
  handle: async ({ db }, { params }) => ({
    subscription: presentSubscription(await findSubscription(db, params.destinationId, params.id)),
  }),
});
