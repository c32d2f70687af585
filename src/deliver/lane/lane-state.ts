import type { Offset } from '../../core/event-log.ts';

/** A lane at one moment. */
export interface LaneState {
  readonly position: Offset;
  /** Events of the source it has not finished or parked. */
  readonly lagEvents: number;
  /** Age of the oldest of them, by receivedAt. */
  readonly lagSeconds: number;
  readonly parked: number;
  readonly circuit: 'open' | 'closed';
  /** Attempts that may be under way at once, as the far end allows. */
  readonly places: number;
  /** The limits that a user set hold events back. */
  readonly limited: boolean;
}
