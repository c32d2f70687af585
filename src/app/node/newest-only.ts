import type { BusTopic } from '../../core/bus.ts';
import type { FromChild, ToChild } from './child-messages.ts';

type Message = FromChild | ToChild;

/** Topics whose messages say all there is to say: a newer one makes an older one useless. */
const whole: ReadonlySet<BusTopic> = new Set(['snapshot', 'parts', 'watched'] as const);

/**
 * Passes messages on to another process, of the topics that are whole one at a time: while one is on its way, only
 * the newest waits. Otherwise a process that is slow to take in large snapshots would make its sender keep all of them.
 * `send` calls back when the message has left this process, or could not.
 */
export function newestOnly<Sent extends Message>(
  send: (message: Sent, left: () => void) => void,
): (message: Sent) => void {
  const waiting = new Map<BusTopic, Sent | undefined>();
  const pass = (topic: BusTopic, message: Sent) => {
    waiting.set(topic, undefined);
    send(message, () => {
      const next = waiting.get(topic);
      if (next === undefined) waiting.delete(topic);
      else pass(topic, next);
    });
  };
  return (message) => {
    if (message.kind !== 'publish' || !whole.has(message.topic)) send(message, () => undefined);
    else if (waiting.has(message.topic)) waiting.set(message.topic, message);
    else pass(message.topic, message);
  };
}
