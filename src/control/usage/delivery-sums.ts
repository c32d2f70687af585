import { TimeSpread } from '../../core/usage/time-spread.ts';
import type { UsageRecord } from '../../core/usage/usage-record.ts';

export interface DeliveryMetric {
  readonly metricName: string;
  readonly total: number;
  readonly breakdown?: { metricName: string; value: number }[];
}

/** Adds up what became of the events of one destination. */
export class DeliverySums {
  readonly #success = new TimeSpread();
  readonly #first = new TimeSpread();
  #successes = 0;
  #afterRetry = 0;
  #expired = 0;
  #discarded = 0;
  #retried = 0;

  add(record: UsageRecord): void {
    this.#success.merge(record.timeToSuccess.toStored());
    this.#first.merge(record.timeToFirstAttempt.toStored());
    for (const { outcome, code, count, repeated } of record.counts) {
      if (outcome === 'delivered') {
        this.#successes += count;
        this.#afterRetry += repeated;
      } else if (outcome === 'retried') {
        this.#retried += count;
      } else if (outcome === 'failed') {
        if (outOfTime.has(code)) this.#expired += count;
        else this.#discarded += count;
      }
    }
  }

  metrics(): readonly DeliveryMetric[] {
    return [
      {
        metricName: 'successes',
        total: this.#successes,
        breakdown: [
          { metricName: 'successes_on_first_attempt', value: this.#successes - this.#afterRetry },
          { metricName: 'successes_after_retry', value: this.#afterRetry },
        ],
      },
      { metricName: 'expired', total: this.#expired },
      { metricName: 'discarded', total: this.#discarded },
      { metricName: 'retried', total: this.#retried },
      timeMetric('time_to_success', this.#success),
      timeMetric('time_to_first_attempt', this.#first),
    ];
  }
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
