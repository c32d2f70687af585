import { findDestination } from '../../destinations/find-destination.ts';
import { changeSubscription } from '../../destinations/subscriptions/change-subscription.ts';
import { findSubscription } from '../../destinations/subscriptions/find-subscription.ts';
import { requireTrigger } from '../../destinations/subscriptions/require-trigger.ts';
import { withHookOutputs } from '../../destinations/subscriptions/with-hook-outputs.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { FreeObject, Id } from '../frame/schema.ts';
import { checkedSchedule, ScheduleInput } from '../models/schedule.ts';
import { DestinationSubscription, SubscriptionName, Trigger } from '../models/subscription.ts';
import { presentSubscription } from './present-subscription.ts';

export const updateSubscriptionForDestination = writeOperation({
  operationId: 'updateSubscriptionForDestination',
  method: 'PATCH',
  path: '/destinations/{destinationId}/subscriptions/{id}',
  tag: 'Destinations',
  summary: 'Changes a subscription; what is absent stays, the mapping is replaced as a whole',
  permission: 'write',
  on: { destination: 'destinationId' },
  tiers: ['v1alpha'],
  perMinute: 5,
  audit: { type: 'Destination Subscription Modified', resourceType: 'destination' },
  params: Type.Object({ destinationId: Id, id: Id }),
  body: Type.Object({
    input: Type.Object({
      name: Type.Optional(SubscriptionName),
      trigger: Type.Optional(Trigger),
      enabled: Type.Optional(Type.Boolean()),
      settings: Type.Optional(FreeObject),
      reverseETLModelId: Type.Optional(Id),
      reverseETLSchedule: Type.Optional(ScheduleInput),
    }),
  }),
  response: Type.Object({ subscription: DestinationSubscription }),
  prepare: async ({ db, environment }, { params, query, body }) => {
    const { settings: mapping, trigger } = body.input;
    if (mapping === undefined) return { params, query, body };
    const row = await findSubscription(db, params.destinationId, params.id);
    const destination = await findDestination(db, row.destination_id);
    if (trigger !== undefined) await requireTrigger(environment, destination, trigger);
    const settings = await withHookOutputs(environment, {
      ...{ destination, action: row.action_slug, mapping, before: JSON.parse(row.settings) },
      field: 'input.settings',
    });
    return { params, query, body: { input: { ...body.input, settings } } };
  },
  handle: async (context, { params, body: { input } }) => {
    const row = await findSubscription(context.db, params.destinationId, params.id);
    const { reverseETLSchedule: schedule, ...rest } = input;
    const changed = await changeSubscription(context, row, {
      ...rest,
      ...(schedule && {
        reverseETLSchedule: await checkedSchedule('input.reverseETLSchedule', schedule),
      }),
    });
    return {
      data: { subscription: presentSubscription(changed) },
      audited: {
        resourceId: row.destination_id,
        resourceName: changed.name,
        before: { subscription: presentSubscription(row) },
      },
    };
  },
});
