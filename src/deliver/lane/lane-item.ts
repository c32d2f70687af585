import type { SendMemory } from '../../core/destination.ts';
import type { Offset } from '../../core/event-log.ts';
import type { Stamp } from '../../core/records.ts';
import type { StoredEvent } from '../events/stored-event.ts';
import type { SeenExchanges } from '../exchanges/seen-exchanges.ts';

/** What is kept of an event that waits for another attempt, or behind one that does. */
export interface Retries {
  /** Attempts made; 0 while it has only waited. */
  attempts: number;
  /** Wall clock of the first attempt, 0 when there was none. */
  firstAttempt: number;
  /** Wall clock at which it is due, 0 at once. */
  nextAttempt: number;
  /** The lane's total of circuit-open time at the first attempt, milliseconds. */
  openMsBefore: number;
  lastError: string;
}

/** An event of a lane that is neither delivered nor given up. */
export interface LaneItem extends SendMemory {
  readonly offset: Offset;
  readonly keys: readonly string[];
  /** Stamp last taken before this event: where a reader that begins here stands. */
  readonly before: Stamp;
  /** The payload: held while the event is fresh or being sent, never while it is parked. */
  stored: StoredEvent | undefined;
  /** Parked: the cursor may pass it, a row in the store points at it. */
  parked: boolean;
  readonly retries: Retries;
  /** Tries that ended in an unknown exception. */
  bugs: number;
  sending: boolean;
  /** What the attempt under way has asked and was answered. */
  seen: SeenExchanges | undefined;
  /** Its place is counted among those of parked events. */
  heldAsParked: boolean;
  finished: boolean;
  /** A row for it is in the store. */
  saved: boolean;
  /** Earlier unfinished events it waits for. */
  blockers: number;
  followers: LaneItem[] | undefined;
  /** It was sent in one batch with this earlier event of the same user, which has to be repeated. */
  behind: LaneItem | undefined;
}

export function newItem(offset: Offset, keys: readonly string[], before: Stamp): LaneItem {
  return {
    offset,
    keys,
    before,
    stored: undefined,
    parked: false,
    retries: { attempts: 0, firstAttempt: 0, nextAttempt: 0, openMsBefore: 0, lastError: '' },
    bugs: 0,
    sending: false,
    seen: undefined,
    heldAsParked: false,
    finished: false,
    saved: false,
    blockers: 0,
    followers: undefined,
    behind: undefined,
  };
}
