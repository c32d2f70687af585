import { destinationMetadata } from '../../catalog/destination-metadata.ts';
import { findDestination, kindOf } from '../../destinations/find-destination.ts';
import { makeSubscription } from '../../destinations/subscriptions/make-subscription.ts';
import { requireTrigger } from '../../destinations/subscriptions/require-trigger.ts';
import { withHookOutputs } from '../../destinations/subscriptions/with-hook-outputs.ts';
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
  prepare: async ({ db, environment }, { params, query, body }) => {
    const { actionId, settings: mapping } = body;
    const destination = await findDestination(db, params.destinationId);
    const { actions } = destinationMetadata(kindOf(environment.catalog, destination));
    const action = actions.find(({ id }) => id === actionId)?.slug;
    if (mapping === undefined || action === undefined) return { params, query, body };
    if (body.modelId === undefined) await requireTrigger(environment, destination, body.trigger);
    const saved = { destination, action, mapping, field: 'settings' };
    const settings = await withHookOutputs(environment, saved);
    return { params, query, body: { ...body, settings } };
  },
  handle: async (context, { params, body }) => {
    const destination = await findDestination(context.db, params.destinationId);
    const row = await makeSubscription(context, destination, body);
    return {
      data: { destinationSubscription: presentSubscription(row) },
      audited: { resourceId: destination.id, resourceName: row.name },
    };
  },
});
