import type { Offset } from '../../core/event-log.ts';
import type { SavedLane } from '../lane/lane-ledger.ts';
import type { LaneCommit } from './cursor-store.ts';

/*
 * A stamp names a place in `accepted`. Where that log is lost, or comes from an older backup than the cursors, its
 * offsets are given away again, and events that carry them would pass for taken. So such a stamp is forgotten:
 * what the lane had taken of input that is processed anew repeats, and nothing new is passed over.
 */

/** The lanes that have taken input which `events` does not cover (`mark`): the log is not the one they have read. */
export function aheadOf(
  mark: Offset,
  saved: ReadonlyMap<string, SavedLane>,
): Map<string, SavedLane> {
  const isAhead = ({ stamp }: SavedLane) => stamp.input >= mark && stamp.item >= 0;
  return new Map([...saved].filter(([, lane]) => isAhead(lane)));
}

/** The lanes as if they had taken nothing up to their position. */
export function forgetStamps(lanes: ReadonlyMap<string, SavedLane>): [string, SavedLane][] {
  const stamped = [...lanes].filter(([, { stamp }]) => stamp.input > 0 || stamp.item >= 0);
  return stamped.map(([key, lane]) => [key, { ...lane, stamp: { input: 0, item: -1 } }]);
}

export function asCommit([lane, { position, stamp, openMs }]: [string, SavedLane]): LaneCommit {
  return { lane, openMs, changes: { position, stamp, upserts: [], deletes: [] } };
}
