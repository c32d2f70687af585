import { Type } from '../../schemas/type.ts';
import { FreeObject, oneOf } from '../frame/schema.ts';

/** When a subscription of reverse ETL runs, by strategy (spec public-api §6, Subscriptions). */
export const scheduleConfigs = {
  PERIODIC: Type.Object({ interval: Type.String({ minLength: 1 }) }),
  SPECIFIC_DAYS: Type.Object({
    days: Type.Array(Type.Integer({ minimum: 0, maximum: 6 })),
    hours: Type.Array(Type.Integer({ minimum: 0, maximum: 23 })),
    timezone: Type.String({ minLength: 1 }),
  }),
  CRON: Type.Object({
    spec: Type.String({ minLength: 1 }),
    timezone: Type.String({ minLength: 1 }),
  }),
  DBT_CLOUD: Type.Object({ jobId: Type.String(), accountId: Type.String() }),
} as const;

export const scheduleStrategies = [
  'CRON',
  'DBT_CLOUD',
  'MANUAL',
  'PERIODIC',
  'SPECIFIC_DAYS',
] as const;

export const ReverseEtlSchedule = Type.Object({
  strategy: oneOf(scheduleStrategies),
  config: Type.Optional(
    Type.Union([
      scheduleConfigs.PERIODIC,
      scheduleConfigs.SPECIFIC_DAYS,
      scheduleConfigs.CRON,
      scheduleConfigs.DBT_CLOUD,
      Type.Null(),
    ]),
  ),
});

export const DestinationSubscription = Type.Object({
  id: Type.String(),
  name: Type.String(),
  actionId: Type.String(),
  actionSlug: Type.String(),
  destinationId: Type.String(),
  enabled: Type.Boolean(),
  settings: FreeObject,
  /** FQL. */
  trigger: Type.String(),
  modelId: Type.Optional(Type.String()),
  reverseETLSchedule: Type.Optional(ReverseEtlSchedule),
});

export const SubscriptionName = Type.String({ minLength: 1, maxLength: 255 });
export const Trigger = Type.String({ minLength: 1, maxLength: 5_000 });
