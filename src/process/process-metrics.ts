import { discardTable } from '../core/discard-codes.ts';
import type { KeySet } from '../core/key-set.ts';
import { counterIn, Gauge, type Registry } from '../core/prometheus.ts';
import type { Batch } from './prepare-batch.ts';

interface MetricsDeps {
  readonly registry: Registry;
  readonly keys: KeySet;
  /** Seconds between now and the receipt of what is being processed; 0 when caught up. Asked when scraped. */
  readonly lagSeconds: () => number;
}

export interface ProcessMetrics {
  /** A batch was committed: its new events and its duplicates, by source. */
  committed(
    batch: Batch,
    events: ReadonlyMap<string, number>,
    duplicates: ReadonlyMap<string, number>,
  ): void;
  /** Input that could not be read. */
  damaged(): void;
}

/** What process counts. Added to once a commit, never once an event. */
export function processMetrics(deps: MetricsDeps): ProcessMetrics {
  const { registry, keys, lagSeconds } = deps;
  const count = (name: string, help: string, labelNames: readonly string[]) =>
    counterIn(registry, { name, help, labelNames });
  const gauge = (name: string, help: string, read: () => number, aggregator?: 'max') => {
    new Gauge({
      name,
      help,
      registers: [registry],
      ...(aggregator && { aggregator }),
      collect() {
        this.set(read());
      },
    });
  };
  const eventsTotal = count('tributary_process_events_total', 'Events written to the log events.', [
    'source',
  ]);
  const duplicatesTotal = count(
    'tributary_process_duplicates_total',
    'Events dropped because their messageId was seen within the window.',
    ['source'],
  );
  const propertiesTotal = count(
    'tributary_process_dropped_properties_total',
    'Properties dropped from events that had more than the limit.',
    ['source'],
  );
  const objectsTotal = count(
    'tributary_process_objects_total',
    'Objects for warehouses, which destinations pass over.',
    ['source'],
  );
  const violationsTotal = count(
    'tributary_process_violations_total',
    'Violations of tracking plans, also of events that were seen before.',
    ['source'],
  );
  const damagedTotal = count(
    'tributary_process_damaged_ranges_total',
    'Ranges of the log accepted that could not be read.',
    [],
  );
  const discardsTotal = count(
    'tributary_discards_total',
    'Events refused, dropped or given up, by stage, code and source.',
    ['stage', 'code', 'source'],
  );
  gauge('tributary_process_lag_seconds', 'Age of the request being processed.', lagSeconds, 'max');
  gauge('tributary_dedupe_keys', 'Message ids remembered.', () => keys.stats().keys);
  gauge('tributary_dedupe_files', 'Sorted files of message ids.', () => keys.stats().files);
  gauge(
    'tributary_dedupe_memory_bytes',
    'Memory held for message ids.',
    () => keys.stats().memoryBytes,
  );
  return {
    committed: (batch, events, duplicates) => {
      for (const [source, n] of events) eventsTotal.inc({ source }, n);
      for (const [source, n] of duplicates) {
        duplicatesTotal.inc({ source }, n);
        discardsTotal.inc({ stage: 'process', code: 'duplicate', source }, n);
      }
      for (const [source, n] of batch.objects) objectsTotal.inc({ source }, n);
      for (const [source, n] of batch.violations) violationsTotal.inc({ source }, n);
      for (const [source, n] of batch.droppedProperties) propertiesTotal.inc({ source }, n);
      for (const [source, codes] of batch.discards.counts) {
        for (const [code, n] of codes) {
          discardsTotal.inc({ stage: discardTable[code].stage, code, source }, n);
        }
      }
    },
    damaged: () => damagedTotal.inc(),
  };
}
