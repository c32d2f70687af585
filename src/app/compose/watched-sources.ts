import type { LogEngine } from '../../core/event-log.ts';
import type { StateStore } from '../../core/state.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import type { NodeContext } from '../node/node-context.ts';

interface WatchedOptions extends Pick<NodeContext, 'bus' | 'clock' | 'logger'> {
  readonly engine: LogEngine;
  readonly store: StateStore<WorkTables>;
}

/** How long a source counts as watched after a node has said so, and how often nodes say it and look, ms. */
const watchedMs = 15_000;
const lookMs = 2_000;

/** The sources somebody watches just now: as this node's control process says, and where nodes share the logs, the others'. */
export function watchedSources({ bus, clock, engine, logger, store }: WatchedOptions) {
  let here: ReadonlySet<string> = new Set();
  let everywhere: ReadonlySet<string> = here;
  const unsubscribe = bus.subscribe('watched', (payload) => {
    const ids = Array.isArray(payload) ? payload.filter((id) => typeof id === 'string') : [];
    here = new Set(ids);
    everywhere = here;
  });
  const stopping = new AbortController();
  const look = async () => {
    while (!stopping.signal.aborted) {
      try {
        const rows = await store.db
          .selectFrom('watched_source')
          .select('source')
          .where('until', '>', clock.now())
          .execute();
        everywhere = new Set([...here, ...rows.map(({ source }) => source)]);
      } catch (error) {
        logger.debug({ err: error }, 'what other nodes watch cannot be read');
      }
      await clock.sleep(lookMs, stopping.signal);
    }
  };
  if (engine.outlivesNode) void look();
  return {
    current: () => everywhere,
    stop: () => {
      stopping.abort();
      unsubscribe();
    },
  };
}

/** Tells the other nodes which sources are watched at this one, over and over while there are any. */
export function announceWatched({ clock, logger, store }: Omit<WatchedOptions, 'bus' | 'engine'>) {
  let watched: readonly string[] = [];
  let cancel: (() => void) | undefined;
  const announce = async () => {
    if (watched.length === 0) return;
    const until = clock.now() + watchedMs;
    try {
      await store.db
        .insertInto('watched_source')
        .values(watched.map((source) => ({ source, until })))
        .onConflict((conflict) => conflict.column('source').doUpdateSet({ until }))
        .execute();
      await store.db.deleteFrom('watched_source').where('until', '<', clock.now()).execute();
    } catch (error) {
      logger.debug({ err: error }, 'other nodes cannot be told what is watched');
    }
  };
  const again = () => {
    cancel?.();
    cancel =
      watched.length === 0 ? undefined : clock.after(lookMs, () => void announce().then(again));
  };
  return (sources: readonly string[]): void => {
    watched = sources;
    void announce().then(again);
  };
}
