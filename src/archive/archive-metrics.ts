import { type Counter, counterIn, type Registry } from '../core/prometheus.ts';

/** Documented in `docs/reference/metrics.md`. */
export interface ArchiveMetrics {
  readonly events: Counter;
  readonly bytes: Counter;
  readonly expired: Counter<'reason'>;
  readonly deleted: Counter;
}

export function archiveMetrics(registry: Registry): ArchiveMetrics {
  return {
    events: counterIn(registry, {
      name: 'tributary_archive_events_total',
      help: 'Events written to the archive.',
    }),
    bytes: counterIn(registry, {
      name: 'tributary_archive_bytes_total',
      help: 'Bytes of the files written to the archive.',
    }),
    expired: counterIn(registry, {
      name: 'tributary_archive_expired_events_total',
      help: 'Events deleted from the archive by its bounds (age, size), or ranges that the log lost before they were archived (log).',
      labelNames: ['reason'],
    }),
    deleted: counterIn(registry, {
      name: 'tributary_archive_deleted_events_total',
      help: 'Events deleted from the archive because a regulation asks for it.',
    }),
  };
}
