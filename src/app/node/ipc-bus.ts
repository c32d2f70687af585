import type { Bus, BusTopic } from '../../core/bus.ts';
import type { Json } from '../../core/json.ts';

/** What a process tells the others of its node, by way of their parent. */
export type BusMessage =
  | { readonly kind: 'publish'; readonly topic: BusTopic; readonly payload: Json }
  /** Whether it wants to hear of the topic; nothing is relayed to a process that did not say so. */
  | { readonly kind: 'subscribe' | 'unsubscribe'; readonly topic: BusTopic };

/** The bus as one process sees it. */
export interface IpcBus extends Bus {
  /** Hands on what another process published. */
  deliver(topic: BusTopic, payload: Json): void;
}

export function createIpcBus(send: (message: BusMessage) => void): IpcBus {
  const listeners = new Map<BusTopic, Set<(payload: Json) => void>>();
  return {
    publish: (topic, payload) => send({ kind: 'publish', topic, payload }),
    subscribe: (topic, listener) => {
      const set = listeners.get(topic) ?? new Set();
      if (set.size === 0) send({ kind: 'subscribe', topic });
      listeners.set(topic, set.add(listener));
      return () => {
        if (set.delete(listener) && set.size === 0) send({ kind: 'unsubscribe', topic });
      };
    },
    deliver: (topic, payload) => {
      for (const listener of listeners.get(topic) ?? []) listener(payload);
    },
  };
}
