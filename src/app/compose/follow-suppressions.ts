import type { SnapshotHolder } from '../../core/snapshot.ts';
import type { StateStore } from '../../core/state.ts';
import type { Suppressions } from '../../core/suppressions.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { stateStores } from '../../storage/open-state.ts';
import { SuppressionSet } from '../../storage/state/suppression-set.ts';
import type { NodeContext } from '../node/node-context.ts';

/**
 * The suppressed users, followed through the snapshots. Resolves when those of the first one are known: what
 * stands in the logs is read only then. The database is opened when there is a first one.
 */
export async function followSuppressions(options: {
  readonly context: NodeContext;
  readonly snapshot: SnapshotHolder;
}): Promise<Suppressions & { close(): Promise<void> }> {
  const { config, clock, logger } = options.context;
  const { snapshot } = options;
  const stopping = new AbortController();
  let opening: Promise<StateStore<ControlTables>> | undefined;
  const open = async () => {
    opening ??= stateStores(config.state, options.context).openControlReader();
    try {
      return (await opening).db;
    } catch (cause) {
      opening = undefined;
      throw cause;
    }
  };
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
      await (await opening)?.close();
    },
  };
}
