import { counterIn, type Registry } from '../../core/prometheus.ts';
import type { Redeliver } from '../../core/redelivery.ts';

/** The same, counted by what came of it. */
export function countedRedeliver(redeliver: Redeliver, registry: Registry): Redeliver {
  const counter = counterIn(registry, {
    name: 'tributary_discards_resent_total',
    help: 'Discards that were sent again, by outcome: `accepted`, `refused`, `failed`.',
    labelNames: ['outcome'],
  });
  return async (items) => {
    const outcomes = await redeliver(items);
    for (const { kind } of outcomes) counter.inc({ outcome: kind });
    return outcomes;
  };
}
