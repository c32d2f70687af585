import { createRequire } from 'node:module';
import type * as promClient from 'prom-client';

type PromClient = typeof promClient;

/**
 * The metric types of prom-client, by the files that define them: its entry also loads a push gateway,
 * cluster support and with them an HTTP client, 15 MB in each process of a node.
 */
const load = createRequire(import.meta.url);

export const Registry: PromClient['Registry'] = load('prom-client/lib/registry.js');
export type Registry = promClient.Registry;

export const Counter: PromClient['Counter'] = load('prom-client/lib/counter.js');
export type Counter<Labels extends string = string> = promClient.Counter<Labels>;

export const Gauge: PromClient['Gauge'] = load('prom-client/lib/gauge.js');
export type Gauge<Labels extends string = string> = promClient.Gauge<Labels>;

export const Histogram: PromClient['Histogram'] = load('prom-client/lib/histogram.js');
export type Histogram<Labels extends string = string> = promClient.Histogram<Labels>;

/**
 * The counter of that name in a registry, made where there is none. A registry that outlives the parts
 * which count into it, as a partition's does, so goes on counting where the last one ended.
 */
export function counterIn<Labels extends string>(
  registry: Registry,
  config: Omit<promClient.CounterConfiguration<Labels>, 'registers'>,
): Counter<Labels> {
  const known = registry.getSingleMetric(config.name);
  return known instanceof Counter ? known : new Counter({ ...config, registers: [registry] });
}

/** The same for a histogram. */
export function histogramIn<Labels extends string>(
  registry: Registry,
  config: Omit<promClient.HistogramConfiguration<Labels>, 'registers'>,
): Histogram<Labels> {
  const known = registry.getSingleMetric(config.name);
  return known instanceof Histogram ? known : new Histogram({ ...config, registers: [registry] });
}

/** Takes the gauges out of a registry: what they showed is over. What was counted stays. */
export function dropGauges(registry: Registry): void {
  for (const metric of registry.getMetricsAsArray()) {
    if (metric instanceof Gauge) registry.removeSingleMetric(metric.name);
  }
}
