import type { Bus } from '../../core/bus.ts';
import type { Clock } from '../../core/clock.ts';
import type { LogName } from '../../core/event-log.ts';

/** Under load a wake-up is sent at most this often; the first after a pause goes at once. */
const everyMs = 10;

/** Returns what a log calls after each commit: it wakes the readers in other processes, throttled. */
export function throttledWake(bus: Bus, clock: Clock, log: LogName): () => void {
  let resting = false;
  let missed = false;
  const wake = () => {
    if (resting) {
      missed = true;
      return;
    }
    resting = true;
    missed = false;
    bus.publish('wake', log);
    clock.after(everyMs, () => {
      resting = false;
      if (missed) wake();
    });
  };
  return wake;
}
