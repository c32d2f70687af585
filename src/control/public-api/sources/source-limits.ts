import { limits } from '../../../core/limits.ts';
import type { SourceLimits } from '../../../core/snapshot.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { nullable } from '../frame/schema.ts';

/** Requests a second that a source may be given; 0 is off. */
const mostRequestsPerSecond = 1_000_000;

function bounded(minimum: number, maximum: number) {
  return Type.Optional(Type.Unsafe<number | null>({ type: ['integer', 'null'], minimum, maximum }));
}

/** What can be set, up to Segment's enterprise figures; null goes back to the server's default. */
export const SourceLimitsInput = Type.Object({
  requestsPerSecond: bounded(0, mostRequestsPerSecond),
  requestBytes: bounded(1, limits.enterprise.requestBytes),
  eventBytes: bounded(1, limits.enterprise.eventBytes),
  batchEvents: bounded(1, limits.enterprise.batchEvents),
});

/** What is set; null is the server's default. */
export const SourceLimitsOutput = Type.Object({
  requestsPerSecond: nullable('number'),
  requestBytes: nullable('number'),
  eventBytes: nullable('number'),
  batchEvents: nullable('number'),
});

export function presentLimits(set: SourceLimits): Static<typeof SourceLimitsOutput> {
  return {
    requestsPerSecond: set.requestsPerSecond ?? null,
    requestBytes: set.requestBytes ?? null,
    eventBytes: set.eventBytes ?? null,
    batchEvents: set.batchEvents ?? null,
  };
}
