import type { JsonObject } from '../core/json.ts';
import type { DeliverMetrics } from './deliver-metrics.ts';
import type { LaneRunner } from './lane/lane-runner.ts';

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

/** A destination with several lanes shows the sum of their events and the age of the oldest. Replays are no lag. */
export function setLaneGauges(metrics: DeliverMetrics, runners: Iterable<LaneRunner>): void {
  const gauges = [metrics.lagEvents, metrics.lagSeconds, metrics.parked, metrics.circuitOpen];
  for (const gauge of gauges) gauge.reset();
  const seconds = new Map<string, number>();
  for (const { plan, state } of runners) {
    if (plan.replay !== undefined) continue;
    const destination = plan.connection.id;
    metrics.lagEvents.inc({ destination }, state.lagEvents);
    metrics.parked.inc({ destination }, state.parked);
    metrics.circuitOpen.inc({ destination }, state.circuit === 'open' ? 1 : 0);
    seconds.set(destination, Math.max(seconds.get(destination) ?? 0, state.lagSeconds));
  }
  for (const [destination, age] of seconds) metrics.lagSeconds.set({ destination }, age);
}
