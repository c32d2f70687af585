import type { JsonObject } from '../../core/json.ts';
import type { Registry } from '../../core/prometheus.ts';

/** A composed process while it runs. */
export interface RunningProcess {
  /** What the operator is shown at start. */
  readonly banner: JsonObject;
  /** For `/health`: the state of its parts. */
  health(): JsonObject;
  /** For `/metrics`: what it counts beside the process's own registry. */
  registries?(): readonly Registry[];
  /** Finishes what is in flight, closes what is open. */
  stop(): Promise<void>;
}
