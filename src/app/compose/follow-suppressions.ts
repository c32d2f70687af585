import type { Kysely } from 'kysely';
import type { SnapshotHolder } from '../../core/snapshot.ts';
import type { Suppressions } from '../../core/suppressions.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { DeletionSet } from '../../storage/state/deletion-set.ts';
import { SuppressionSet } from '../../storage/state/suppression-set.ts';
import type { NodeContext } from '../node/node-context.ts';
import { lazyStateReader } from './lazy-state-reader.ts';

/**
 * The suppressed users, and those to be deleted, followed through the snapshots. Resolves when those of the first one are known: what
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
  const deletions = new DeletionSet({ open, snapshot, clock, logger });
  const refresh = (signal: AbortSignal) => {
    const deleted = deletions.refresh(signal);
    const suppressed = set.refresh(signal);
    return deleted === undefined ? suppressed : deleted.then(() => suppressed);
  };
  const unsubscribe = snapshot.subscribe(() => void refresh(stopping.signal));
  await refresh(stopping.signal);
  return {
    refresh,
    get isEmpty() {
      return set.isEmpty && deletions.isEmpty;
    },
    has: (source, ids, receivedAt) =>
      set.has(source, ids) || (receivedAt !== undefined && deletions.has(source, ids, receivedAt)),
    close: async () => {
      unsubscribe();
      stopping.abort();
      await own.close();
    },
  };
}
