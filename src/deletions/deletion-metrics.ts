import { counterIn, type Registry } from '../core/prometheus.ts';

export type DeletionMetrics = ReturnType<typeof deletionMetrics>;

export function deletionMetrics(registry: Registry) {
  return {
    users: counterIn(registry, {
      name: 'tributary_deleted_users_total',
      help: 'End users that destinations or warehouses were asked to forget, by `kind` and outcome: `deleted`, `failed` for good, or `retried`.',
      labelNames: ['kind', 'outcome'],
    }),
    rows: counterIn(registry, {
      name: 'tributary_deleted_rows_total',
      help: 'Rows of end users that regulations have deleted from warehouses.',
    }),
  };
}
