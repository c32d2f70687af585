import type { Guest } from './guest.ts';

/** `cache`: values kept between the invocations of this context. */
export function installCache(guest: Guest): void {
  const most = 1_000;
  const kept = new Map<string, { value: Promise<unknown>; until: number }>();
  guest.define('cache', {
    load: (key: unknown, ...rest: readonly unknown[]): Promise<unknown> => {
      const make = rest.at(-1);
      const ttl = rest.length > 1 ? Number(rest[0] ?? -1) : -1;
      if (typeof make !== 'function') {
        return Promise.reject(new TypeError('cache.load(key, ttl, fn) needs a function'));
      }
      const name = String(key);
      const now = Date.now();
      const known = kept.get(name);
      if (known !== undefined && now < known.until) return known.value;
      const value = (async (): Promise<unknown> => make())();
      const entry = { value, until: ttl < 0 ? Number.POSITIVE_INFINITY : now + ttl };
      // What failed, or never came because its invocation was over, is made anew.
      kept.set(name, entry);
      value.catch(() => {
        if (kept.get(name) === entry) kept.delete(name);
      });
      const oldest = kept.keys().next();
      if (kept.size > most && !oldest.done) kept.delete(oldest.value);
      return value;
    },
    delete: (key: unknown): void => {
      kept.delete(String(key));
    },
  });
}
