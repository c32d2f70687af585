import { Type } from '../../schemas/type.ts';
import {
  type AnyGranularity,
  granularities,
  granularityOf,
  type UsageRange,
  usageRange,
  type Windows,
} from '../../usage/usage-range.ts';
import { parseIsoTime } from '../frame/iso-time.ts';
import { oneOf } from '../frame/schema.ts';

export const Texts = Type.Array(Type.String());

/** The times of a request for counts. */
export const rangeInput = {
  startTime: Type.String(),
  endTime: Type.String(),
  granularity: oneOf(granularities),
};

interface RangeInput {
  readonly startTime: string;
  readonly endTime: string;
  readonly granularity: AnyGranularity;
}

/** Throws `input_validation` naming the field. */
export function rangeOf(
  { startTime, endTime, granularity }: RangeInput,
  windows: Windows,
  now: number,
): UsageRange {
  const start = parseIsoTime('startTime', startTime);
  const end = parseIsoTime('endTime', endTime);
  return usageRange(granularityOf(granularity), start, end, windows, now);
}
