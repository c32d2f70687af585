import type { DeliveryLimits } from '../../../core/delivery-limits.ts';
import { limits } from '../../../core/limits.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { nullable } from '../frame/schema.ts';

const mostRequestsPerSecond = 1_000_000;
/** One in 100 seconds. */
const leastRequestsPerSecond = 0.01;

/** What can be set; null takes the limit away. */
export const DestinationLimitsInput = Type.Object({
  requestsPerSecond: Type.Optional(
    Type.Unsafe<number | null>({
      type: ['number', 'null'],
      minimum: leastRequestsPerSecond,
      maximum: mostRequestsPerSecond,
    }),
  ),
  concurrency: Type.Optional(
    Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      minimum: 1,
      maximum: limits.laneConcurrency,
    }),
  ),
});

/** What is set; null is no limit. */
export const DestinationLimits = Type.Object({
  requestsPerSecond: nullable('number'),
  concurrency: nullable('number'),
});

export function presentDestinationLimits(set: DeliveryLimits): Static<typeof DestinationLimits> {
  return {
    requestsPerSecond: set.requestsPerSecond ?? null,
    concurrency: set.concurrency ?? null,
  };
}
