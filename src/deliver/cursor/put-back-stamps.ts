import type { Offset } from '../../core/event-log.ts';
import type { SavedLane } from '../lane/lane-ledger.ts';

/**
 * The lanes whose cursor knows more than the log: their stamp names an input that `events` has not covered
 * (`mark`). So the log was lost, or comes from an older backup than the cursors. Its input offsets are given
 * away again, and events that carry them would pass for taken: the stamp is put back to the mark. What the lane
 * had taken of the input behind it may repeat; nothing new is passed over.
 */
export function putBackStamps(
  saved: ReadonlyMap<string, SavedLane>,
  mark: Offset,
): Map<string, SavedLane> {
  const ahead = [...saved].filter(([, { stamp }]) => stamp.input >= mark && stamp.item >= 0);
  return new Map(ahead.map(([key, lane]) => [key, { ...lane, stamp: { input: mark, item: -1 } }]));
}
