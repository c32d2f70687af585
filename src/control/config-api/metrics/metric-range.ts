import type { ReadContext } from '../../context.ts';
import { InputFailure } from '../../input-failure.ts';
import { parseIsoTime } from '../../public-api/frame/iso-time.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { summaryDefaults, summaryWindows } from '../../usage/delivery-summary.ts';
import { granularities, type UsageRange, usageRange } from '../../usage/usage-range.ts';
import { configTime } from '../frame/config-time.ts';
import { inConfigWords } from '../frame/in-config-words.ts';

/** What time is asked for: the last hour, by the minute, when nothing is said. */
export const rangeQuery = {
  start_time: Type.Optional(Type.String()),
  end_time: Type.Optional(Type.String()),
  /** `MINUTE`, `HOUR` or `DAY`, in any case. */
  granularity: Type.Optional(Type.String()),
};

export const rangeOutput = {
  start_time: Type.String(),
  end_time: Type.String(),
  granularity: Type.String(),
};

export interface MetricRange {
  readonly range: UsageRange;
  readonly shown: {
    readonly start_time: string;
    readonly end_time: string;
    readonly granularity: string;
  };
}

const names: Readonly<Record<string, string>> = { startTime: 'start_time', endTime: 'end_time' };
const RangeQuery = Type.Object(rangeQuery);

/** The range of a request. Rejects with `input_validation`, with the field. */
export function metricRange(
  { environment }: ReadContext,
  query: Static<typeof RangeQuery>,
): Promise<MetricRange> {
  const now = environment.clock.now();
  const wanted = query.granularity?.toUpperCase() ?? 'MINUTE';
  const granularity = granularities.find((known) => known === wanted);
  return inConfigWords(
    (field) => names[field] ?? field,
    async () => {
      if (granularity === undefined) {
        const message = `"granularity" must be one of [${granularities.join(', ')}]`;
        throw new InputFailure([{ field: 'granularity', message }]);
      }
      const { start_time, end_time } = query;
      const end = end_time === undefined ? now : parseIsoTime('end_time', end_time);
      const start =
        start_time === undefined
          ? end - summaryDefaults[granularity]
          : parseIsoTime('start_time', start_time);
      const range = usageRange(granularity, start, end, summaryWindows, now);
      const shown = {
        start_time: configTime(range.from),
        end_time: configTime(range.to),
        granularity,
      };
      return { range, shown };
    },
  );
}
