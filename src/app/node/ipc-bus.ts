import type { Bus, BusTopic } from '../../core/bus.ts';
import type { Json } from '../../core/json.ts';
import type { FromChild } from './child-messages.ts';

/** The bus as a child process sees it: the supervisor relays what is published to every other child. */
export interface IpcBus extends Bus {
  /** Hands on what the supervisor relayed. */
  deliver(topic: BusTopic, payload: Json): void;
}

export function createIpcBus(send: (message: FromChild) => void): IpcBus {
  const listeners = new Map<BusTopic, Set<(payload: Json) => void>>();
  return {
    publish: (topic, payload) => send({ kind: 'publish', topic, payload }),
    subscribe: (topic, listener) => {
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set.add(listener));
      return () => set.delete(listener);
    },
    deliver: (topic, payload) => {
      for (const listener of listeners.get(topic) ?? []) listener(payload);
    },
  };
}
