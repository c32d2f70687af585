import { TimeSpread } from '../../core/usage/time-spread.ts';
import type { ReadContext } from '../context.ts';
import type { DestinationRow } from '../destinations/find-destination.ts';
import { readRecords } from './read-records.ts';
import type { UsageRange, Windows } from './usage-range.ts';

const hour = 3_600_000;

/** How far the summary reaches (spec public-api §6), and how much of it is shown when nothing is said. */
export const summaryWindows: Windows = {
  MINUTE: { longest: 4 * hour, back: 48 * hour },
  HOUR: { longest: 7 * 24 * hour, back: 7 * 24 * hour },
  DAY: { longest: 14 * 24 * hour, back: 14 * 24 * hour },
};
export const summaryDefaults = { MINUTE: hour, HOUR: 7 * 24 * hour, DAY: 14 * 24 * hour } as const;

export interface DeliveryMetric {
  readonly metricName: string;
  readonly total: number;
  readonly breakdown?: { metricName: string; value: number }[];
}

/**
 * What became of the events of a destination in a range: events taken, events that ran out of time, events given
 * up for other reasons, attempts repeated; and from receipt, in ms, how long it took until taken and until first tried.
 */
export async function deliverySummary(
  context: Pick<ReadContext, 'environment'>,
  { id, source_id }: Pick<DestinationRow, 'id' | 'source_id'>,
  range: UsageRange,
): Promise<readonly DeliveryMetric[]> {
  let successes = 0;
  let afterRetry = 0;
  let expired = 0;
  let discarded = 0;
  let retried = 0;
  const success = new TimeSpread();
  const first = new TimeSpread();
  const owner = { sources: [source_id], destination: id };
  for await (const { record } of readRecords(context, owner, range)) {
    success.merge(record.timeToSuccess.toStored());
    first.merge(record.timeToFirstAttempt.toStored());
    for (const { outcome, code, count, repeated } of record.counts) {
      if (outcome === 'delivered') {
        successes += count;
        afterRetry += repeated;
      } else if (outcome === 'retried') {
        retried += count;
      } else if (outcome === 'failed') {
        if (outOfTime.has(code)) expired += count;
        else discarded += count;
      }
    }
  }
  return [
    {
      metricName: 'successes',
      total: successes,
      breakdown: [
        { metricName: 'successes_on_first_attempt', value: successes - afterRetry },
        { metricName: 'successes_after_retry', value: afterRetry },
      ],
    },
    { metricName: 'expired', total: expired },
    { metricName: 'discarded', total: discarded },
    { metricName: 'retried', total: retried },
    timeMetric('time_to_success', success),
    timeMetric('time_to_first_attempt', first),
  ];
}

const outOfTime: ReadonlySet<string> = new Set(['expired', 'retries_exhausted']);

function timeMetric(metricName: string, times: TimeSpread): DeliveryMetric {
  const average = Math.round(times.average);
  return {
    metricName,
    total: average,
    breakdown: [
      { metricName: `${metricName}_average`, value: average },
      { metricName: `${metricName}_p95`, value: times.percentile(0.95) },
    ],
  };
}
