import type { Json } from './json.ts';

/**
 * Messages between the processes of one node. A publisher does not hear itself. Delivery is in
 * order and best effort: a process that is being restarted misses what is said meanwhile, so
 * whatever must hold is also on disk, and state is asked for anew on start.
 */
export interface Bus {
  publish(topic: BusTopic, payload: Json): void;
  /** Returns the unsubscribe. */
  subscribe(topic: BusTopic, listener: (payload: Json) => void): () => void;
}

export type BusTopic =
  /** A log's durable end moved: its name. Throttled by the publisher. */
  | 'wake'
  /** A new snapshot: the whole. */
  | 'snapshot'
  /** A process wants the snapshot: the reply is `snapshot`. */
  | 'snapshot.wanted'
  /** The sources somebody watches just now: their ids. Deliver writes their successes to `results`. */
  | 'watched'
  /** Ingest met write keys: `[[key, milliseconds], …]`, each key once a minute at most. Control keeps it. */
  | 'keys.used'
  /** Control hands discards to ingest: `{ id, asked }`; and what came of them: `{ id, said }` (`core/redelivery.ts`). */
  | 'redeliver'
  | 'redelivered'
  /** The worker hands ingest what is to be taken in: `{ id, asked }`; and what came of it: `{ id, said }` (`core/entrance.ts`). */
  | 'emit'
  | 'emitted'
  /** Control asks the worker for a query in a warehouse: `{ id, asked }`; and the answer to it: `{ id, said }` (`core/warehouse-engine.ts`). */
  | 'warehouse.ask'
  | 'warehouse.answer'
  /** State of the node's parts, from the supervisor. */
  | 'parts'
  /** Metrics are wanted: `{ id }`; and one process's answer: `{ id, metrics }`. */
  | 'metrics.wanted'
  | 'metrics'
  /** The same for what `/health` shows of each process. */
  | 'health.wanted'
  | 'health';
