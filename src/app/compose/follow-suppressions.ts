import type { Kysely } from 'kysely';
import type { SnapshotHolder } from '../../core/snapshot.ts';
import type { Suppressions } from '../../core/suppressions.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { SuppressionSet } from '../../storage/state/suppression-set.ts';
import type { NodeContext } from '../node/node-context.ts';
import { lazyStateReader } from './lazy-state-reader.ts';

/**
 * The suppressed users, followed through the snapshots. Resolves when those of the first one are known: what
 * stands in the logs is read only then. The database is opened when there is a first one.
 */
export async function followSuppressions(options: {
  readonly context: NodeContext;
  readonly snapshot: SnapshotHolder;
  /** The `state` database, for reading; by default one of its own. */
  readonly open?: () => Promise<Kysely<ControlTables>>;
}): Promise<Suppressions & { close(): Promise<void> }> {
  const { clock, logger } = options.context;
  const { snapshot } = options;
  const own = lazyStateReader(options.context);
  const open = options.open ?? own.open;
  const stopping = new AbortController();
  const set = new SuppressionSet({ open, snapshot, clock, logger });
  const unsubscribe = snapshot.subscribe(() => void set.refresh(stopping.signal));
  await set.refresh(stopping.signal);
  return {
    refresh: (signal) => set.refresh(signal),
    get isEmpty() {
      return set.isEmpty;
    },
    has: (source, ids) => set.has(source, ids),
    close: async () => {
      unsubscribe();
      stopping.abort();
      await own.close();
    },
  };
}
