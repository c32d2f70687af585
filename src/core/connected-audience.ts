import type { JsonObject } from './json.ts';

/** An audience of a space that is connected to a destination: what an event of it is given on the way there. */
export interface ConnectedAudience {
  readonly id: string;
  readonly spaceId: string;
  /** The `context.personas.computation_key` of its events. */
  readonly key: string;
  /** What it is at the vendor. Absent: the code of the destination makes none. */
  readonly externalId?: string;
  /** The kind's `audience.fields`. */
  readonly settings: JsonObject;
}
