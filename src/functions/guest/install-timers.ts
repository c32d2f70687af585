import type { Guest } from './guest.ts';

/** Timers, which end with the invocation; and `queueMicrotask`, `structuredClone`. */
export function installTimers(guest: Guest): void {
  const { call, pending } = guest;
  type Task = (...values: readonly unknown[]) => void;
  const arm = (ms: unknown): number => Number(call('timer', Number(ms) || 0));
  const set = (task: Task, ms?: unknown, ...values: readonly unknown[]): number => {
    const id = arm(ms);
    pending.set(id, () => task(...values));
    return id;
  };
  /** A repeated timer keeps the id it was made with, and is re-armed under ids of their own. */
  const repeated = new Map<number, number>();
  const repeat = (task: Task, ms?: unknown, ...values: readonly unknown[]): number => {
    const first = arm(ms);
    repeated.set(first, first);
    const run = (): void => {
      if (!repeated.has(first)) return;
      const next = arm(ms);
      repeated.set(first, next);
      pending.set(next, run);
      task(...values);
    };
    pending.set(first, run);
    return first;
  };
  const clear = (id: unknown): void => {
    if (typeof id !== 'number') return;
    const current = repeated.get(id) ?? id;
    repeated.delete(id);
    if (pending.delete(current)) call('clear', current);
  };
  guest.define('setTimeout', set);
  guest.define('setInterval', repeat);
  guest.define('setImmediate', (task: Task, ...values: readonly unknown[]) =>
    set(task, 0, ...values),
  );
  for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate']) guest.define(name, clear);
  guest.define('queueMicrotask', (task: () => void) => void Promise.resolve().then(task));
  guest.define('structuredClone', (value: unknown) => JSON.parse(JSON.stringify(value)));
  guest.modules['timers'] = () => ({ setImmediate: (task: Task) => set(task, 0), setTimeout: set });
}
