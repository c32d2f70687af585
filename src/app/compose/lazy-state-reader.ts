import type { Kysely } from 'kysely';
import type { StateStore } from '../../core/state.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { stateStores } from '../../storage/open-state.ts';
import type { NodeContext } from '../node/node-context.ts';

/** The `state` database, for reading, opened with the first call; after a failure the next call tries again. */
export function lazyStateReader(context: NodeContext): {
  open(): Promise<Kysely<ControlTables>>;
  close(): Promise<void>;
} {
  let opening: Promise<StateStore<ControlTables>> | undefined;
  return {
    open: async () => {
      opening ??= stateStores(context.config.state, context).openControlReader();
      try {
        return (await opening).db;
      } catch (cause) {
        opening = undefined;
        throw cause;
      }
    },
    close: async () => (await opening)?.close(),
  };
}
