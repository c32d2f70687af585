import type { MetricObjectWithValues, MetricValue } from 'prom-client';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { Counter, type Registry } from '../../core/prometheus.ts';
import { createAsk } from '../node/ask.ts';
import { childrenOf } from '../node/children-of.ts';
import type { NodeContext } from '../node/node-context.ts';

type ProcessMetrics = MetricObjectWithValues<MetricValue<string>>[];

/** The text of `/metrics`: this process's registry and those of the other processes of the node. */
export function createNodeMetrics(
  { bus, clock, config, registry }: NodeContext,
  processes: () => JsonObject,
): () => Promise<string> {
  const ask = createAsk(bus, clock, childrenOf(config).length);
  registerRestarts(registry, processes);
  return async () => {
    // On first use: its package entry is large.
    const { AggregatorRegistry } = await import('prom-client');
    const answers = await ask('metrics');
    const own = await registry.getMetricsAsJSON();
    return AggregatorRegistry.aggregate([own, ...answers.flatMap(metricsOf)]).metrics();
  };
}

function registerRestarts(registry: Registry, processes: () => JsonObject): void {
  new Counter({
    name: 'tributary_process_restarts_total',
    help: 'Times the process died and was started again.',
    labelNames: ['process'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [name, part] of Object.entries(processes())) {
        const restarts = isJsonObject(part) ? part['restarts'] : 0;
        this.inc({ process: name }, typeof restarts === 'number' ? restarts : 0);
      }
    },
  });
}

/** One list of metrics for each registry, made by prom-client in another process of this very version. */
function metricsOf(answer: Json): ProcessMetrics[] {
  return Array.isArray(answer) ? (answer as unknown as ProcessMetrics[]) : [];
}
