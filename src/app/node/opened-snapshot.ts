import { TributaryError } from '../../core/errors.ts';
import { functionDestinationSlug } from '../../core/functions.ts';
import type { Logger } from '../../core/logger.ts';
import {
  hasForeignSecret,
  openJsonSettings,
  openSettings,
  type SecretBox,
} from '../../core/secret-box.ts';
import type { Snapshot, SnapshotHolder } from '../../core/snapshot.ts';
import { openKeys } from '../../core/transformations/open-keys.ts';
import { mapSnapshots } from './map-snapshots.ts';

/**
 * The snapshots of a holder with the secrets of their connections and warehouses opened, in memory only: on disk and on
 * the bus they are sealed. Throws `config_invalid` when this node's key
 * does not open them; of a later snapshot that is an error in the log, and its settings lack them.
 */
export function openedSnapshot(
  holder: SnapshotHolder,
  box: SecretBox,
  logger: Logger,
): SnapshotHolder {
  refuseForeign(holder.current, box);
  return mapSnapshots(holder, (sealed) => {
    const connection = foreign(sealed, box);
    if (connection !== undefined) {
      logger.error({ connection }, 'its secret is sealed with another key than this node has');
    }
    return opened(sealed, box);
  });
}

function opened(snapshot: Snapshot, box: SecretBox): Snapshot {
  return {
    ...snapshot,
    connections: snapshot.connections.map((connection) => {
      const isFunction = connection.slug === functionDestinationSlug;
      const open = isFunction ? openJsonSettings : openSettings;
      const settings = open(box, connection.settings, connection.id);
      const { insert, transformations } = connection;
      const own = {
        ...connection,
        settings,
        ...(transformations && { transformations: openKeys(transformations, () => box) }),
      };
      if (insert === undefined) return own;
      return {
        ...own,
        insert: { ...insert, settings: openJsonSettings(box, insert.settings, insert.id) },
      };
    }),
    ...(snapshot.warehouses !== undefined && {
      warehouses: snapshot.warehouses.map((warehouse) => ({
        ...warehouse,
        settings: openSettings(box, warehouse.settings, warehouse.id),
      })),
    }),
  };
}

function foreign({ connections, warehouses = [] }: Snapshot, box: SecretBox): string | undefined {
  return [...connections, ...warehouses].find(({ settings, id }) =>
    hasForeignSecret(box, settings, id),
  )?.id;
}

function refuseForeign(snapshot: Snapshot, box: SecretBox): void {
  const id = foreign(snapshot, box);
  if (id === undefined) return;
  throw new TributaryError(
    'config_invalid',
    `The secrets of the connection or warehouse ${id} are sealed with another key than this node has: give every node the same TRIBUTARY_SECRET_KEY.`,
  );
}
