import { parseCron } from '../../../core/cron.ts';
import { parseInterval } from '../../../core/interval.ts';
import type { JsonObject } from '../../../core/json.ts';
import { changeSubscription } from '../../destinations/subscriptions/change-subscription.ts';
import { findSubscription } from '../../destinations/subscriptions/find-subscription.ts';
import { InputFailure } from '../../input-failure.ts';
import { isTimezone } from '../../is-timezone.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { FreeObject, Id, nullableObject, oneOf } from '../frame/schema.ts';
import {
  DestinationSubscription,
  ReverseEtlSchedule,
  SubscriptionName,
  scheduleConfigs,
  scheduleStrategies,
  Trigger,
} from '../models/subscription.ts';
import { presentSubscription } from './present-subscription.ts';

const ScheduleInput = Type.Object({
  strategy: oneOf(scheduleStrategies),
  config: Type.Optional(nullableObject),
});

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
  handle: async (context, { params, body: { input } }) => {
    const row = await findSubscription(context.db, params.destinationId, params.id);
    const { reverseETLSchedule: schedule, ...rest } = input;
    const changed = await changeSubscription(context, row, {
      ...rest,
      ...(schedule && { reverseETLSchedule: await readSchedule(schedule) }),
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

/** The schedule with the keys of its strategy alone: some clients refuse any other. */
async function readSchedule({
  strategy,
  config = null,
}: Static<typeof ScheduleInput>): Promise<Static<typeof ReverseEtlSchedule>> {
  if (strategy === 'MANUAL') return { strategy, config: null };
  const { Value } = await import('typebox/value');
  const declared = scheduleConfigs[strategy];
  const kept =
    config &&
    Object.fromEntries(Object.entries(config).filter(([key]) => key in declared.properties));
  const schedule = { strategy, config: kept };
  const isOne = kept !== null && Value.Check(declared, kept) && isExact(kept);
  if (isOne && Value.Check(ReverseEtlSchedule, schedule)) return schedule;
  const field = 'input.reverseETLSchedule.config';
  throw new InputFailure([{ field, message: `"${field}" does not fit the strategy ${strategy}` }]);
}

function isExact({ interval, spec, timezone }: JsonObject): boolean {
  if (typeof interval === 'string' && parseInterval(interval) === undefined) return false;
  if (typeof spec === 'string' && parseCron(spec) === undefined) return false;
  return typeof timezone !== 'string' || isTimezone(timezone);
}
