import type { JsonObject } from '../core/json.ts';
import type { DeliverMetrics } from './deliver-metrics.ts';
import type { LaneRunner } from './lane/lane-runner.ts';
import { Counted } from './lane/recent-attempts.ts';

/** One lane as `/health` shows it to anybody: no words of a destination, no address. */
export function laneState(runner: LaneRunner): JsonObject {
  return {
    lane: runner.plan.key,
    destination: runner.plan.connection.id,
    source: runner.plan.connection.sourceId,
    replay: runner.plan.replay?.id ?? null,
    ...runner.state,
    ...runner.tally.counts,
  };
}

/** `now`: monotonic milliseconds. A destination with several lanes shows the sum of their events and the age of the oldest. Replays are no lag. */
export function setLaneGauges(
  metrics: DeliverMetrics,
  runners: Iterable<LaneRunner>,
  now: number,
): void {
  const gauges = [
    metrics.lagEvents,
    metrics.lagSeconds,
    metrics.parked,
    metrics.circuitOpen,
    metrics.limited,
  ];
  const recent = new Map<string, Counted>();
  for (const gauge of gauges) gauge.reset();
  metrics.recentLatency.reset();
  metrics.recentSuccess.reset();
  const seconds = new Map<string, number>();
  for (const { plan, state, tally } of runners) {
    const destination = plan.connection.id;
    if (state.limited) metrics.limited.inc({ destination });
    if (plan.replay !== undefined) continue;
    const counted = recent.get(destination) ?? new Counted();
    tally.recent.addTo(counted, now);
    recent.set(destination, counted);
    metrics.lagEvents.inc({ destination }, state.lagEvents);
    metrics.parked.inc({ destination }, state.parked);
    metrics.circuitOpen.inc({ destination }, state.circuit === 'open' ? 1 : 0);
    seconds.set(destination, Math.max(seconds.get(destination) ?? 0, state.lagSeconds));
  }
  for (const [destination, age] of seconds) metrics.lagSeconds.set({ destination }, age);
  for (const [destination, { delivered, failed, latency }] of recent) {
    if (delivered + failed === 0) continue;
    metrics.recentSuccess.set({ destination }, delivered / (delivered + failed));
    if (delivered === 0) continue;
    for (const quantile of quantiles) {
      const seconds = latency.percentile(quantile) / 1_000;
      metrics.recentLatency.set({ destination, quantile: String(quantile) }, seconds);
    }
  }
}

const quantiles = [0.5, 0.95, 0.99];
