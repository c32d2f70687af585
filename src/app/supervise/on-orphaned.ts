import type { Clock } from '../../core/clock.ts';

const everyMs = 500;

/**
 * Calls `orphaned` once when the process that started this one is gone: nobody could stop or restart
 * it any more. The system tells a process only by its changed parent, so that is looked at.
 */
export function onOrphaned(clock: Clock, orphaned: () => void): void {
  const parent = process.ppid;
  const look = () => {
    if (process.ppid === parent) clock.after(everyMs, look);
    else orphaned();
  };
  clock.after(everyMs, look);
}
