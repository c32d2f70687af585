import { Type } from '../../schemas/type.ts';
import { FreeObject } from '../frame/schema.ts';
import { ReverseEtlSchedule } from './schedule.ts';

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
