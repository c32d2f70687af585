import type { Bus } from '../../core/bus.ts';

/** The sources somebody watches just now, as the control process says. */
export function watchedSources(bus: Bus): () => ReadonlySet<string> {
  let watched: ReadonlySet<string> = new Set();
  bus.subscribe('watched', (payload) => {
    const ids = Array.isArray(payload) ? payload.filter((id) => typeof id === 'string') : [];
    watched = new Set(ids);
  });
  return () => watched;
}
