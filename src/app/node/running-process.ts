import type { JsonObject } from '../../core/json.ts';

/** A composed process while it runs. */
export interface RunningProcess {
  /** What the operator is shown at start. */
  readonly banner: JsonObject;
  /** For `/health`: the state of its parts. */
  health(): JsonObject;
  /** Finishes what is in flight, closes what is open. */
  stop(): Promise<void>;
}
