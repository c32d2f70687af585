import type { DiscardCode, DiscardStage } from '../core/discard-codes.ts';
import {
  type Counter,
  counterIn,
  Gauge,
  type Histogram,
  histogramIn,
  type Registry,
} from '../core/prometheus.ts';
import { sourceOfStaged } from '../core/staged-request.ts';

/** Metrics of the stage, labelled by destination (connection id). Documented in `docs/reference/metrics.md`. */
export interface DeliverMetrics {
  readonly delivered: Counter<'destination'>;
  readonly retried: Counter<'destination'>;
  readonly filtered: Counter<'destination' | 'code'>;
  readonly outcomesSkipped: Counter;
  readonly cursorsAhead: Counter<'destination'>;
  readonly lagEvents: Gauge<'destination'>;
  readonly lagSeconds: Gauge<'destination'>;
  readonly parked: Gauge<'destination'>;
  readonly circuitOpen: Gauge<'destination'>;
  readonly limited: Gauge<'destination'>;
  readonly recentLatency: Gauge<'destination' | 'quantile'>;
  readonly recentSuccess: Gauge<'destination'>;
  readonly latency: Histogram;
  discarded(code: DiscardCode, source: string, count: number): void;
  /** The destination is gone: its series go. */
  forget(destination: string): Promise<void>;
}

/** `refresh` is called before the gauges are read. */
export function deliverMetrics(
  registry: Registry,
  refresh: () => Promise<void>,
  stage: DiscardStage = 'deliver',
): DeliverMetrics {
  const registers = [registry];
  const destination = ['destination'] as const;
  const discards = counterIn(registry, {
    name: 'tributary_discards_total',
    help: 'Events refused, dropped or given up, by stage, code and source.',
    labelNames: ['stage', 'code', 'source'],
  });
  // The gauges are read side by side: one refresh serves them all.
  let refreshing: Promise<void> | undefined;
  const collect = (): Promise<void> => {
    refreshing ??= refresh().finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  };
  const delivered = counterIn(registry, {
    name: 'tributary_deliver_delivered_total',
    help: 'Events a destination took.',
    labelNames: destination,
  });
  const retried = counterIn(registry, {
    name: 'tributary_deliver_retried_total',
    help: 'Attempts that failed and will be repeated.',
    labelNames: destination,
  });
  const filtered = counterIn(registry, {
    name: 'tributary_deliver_filtered_total',
    help: 'Events that are not for the destination, by code.',
    labelNames: ['destination', 'code'],
  });
  const cursorsAhead = counterIn(registry, {
    name: 'tributary_deliver_cursors_ahead_total',
    help: 'Cursors that were ahead of the log at a start: the log was lost, or is older than the state store.',
    labelNames: destination,
  });
  return {
    delivered,
    retried,
    filtered,
    outcomesSkipped: counterIn(registry, {
      name: 'tributary_deliver_outcomes_skipped_total',
      help: 'Outcomes not written for the live tail because of the quota.',
    }),
    cursorsAhead,
    lagEvents: new Gauge({
      name: 'tributary_deliver_lag_events',
      help: 'Events of the source that the destination has not been given yet, parked ones left out.',
      labelNames: destination,
      registers,
      collect,
    }),
    lagSeconds: new Gauge({
      name: 'tributary_deliver_lag_seconds',
      help: 'Age of the oldest event that the destination has not been given yet.',
      aggregator: 'max',
      labelNames: destination,
      registers,
      collect,
    }),
    parked: new Gauge({
      name: 'tributary_deliver_parked',
      help: 'Events that wait for another attempt, or behind one that does.',
      labelNames: destination,
      registers,
      collect,
    }),
    circuitOpen: new Gauge({
      name: 'tributary_deliver_circuit_open',
      help: 'Lanes of the destination whose circuit is open.',
      labelNames: destination,
      registers,
      collect,
    }),
    limited: new Gauge({
      name: 'tributary_deliver_limited',
      help: 'Lanes of the destination, replays too, that the limits a user set keep from sending more just now.',
      labelNames: destination,
      registers,
      collect,
    }),
    recentLatency: new Gauge({
      name: 'tributary_deliver_recent_latency_seconds',
      help: 'Time from receivedAt to delivered of the last minute or two: half, 95 and 99 of 100 events were as quick.',
      aggregator: 'max',
      labelNames: ['destination', 'quantile'],
      registers,
      collect,
    }),
    recentSuccess: new Gauge({
      name: 'tributary_deliver_recent_success_ratio',
      help: 'Share of the attempts of the last minute or two that the destination took.',
      aggregator: 'average',
      labelNames: destination,
      registers,
      collect,
    }),
    latency: histogramIn(registry, {
      name: 'tributary_deliver_latency_seconds',
      help: 'Time from receivedAt to delivered.',
      buckets: [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600, 14_400,
      ],
    }),
    discarded(code, source, count) {
      // What waits for a source function has a source of its own.
      discards.inc({ stage, code, source: sourceOfStaged(source) }, count);
    },
    async forget(id) {
      delivered.remove({ destination: id });
      retried.remove({ destination: id });
      cursorsAhead.remove({ destination: id });
      const { values } = await filtered.get();
      for (const { labels } of values) if (labels.destination === id) filtered.remove(labels);
    },
  };
}
