import { join } from 'node:path';
import { stateStores } from '../../storage/open-state.ts';
import type { NodeContext } from '../node/node-context.ts';
import { openedSnapshot } from '../node/opened-snapshot.ts';
import type { RunningProcess } from '../node/running-process.ts';
import { readSecretBox } from '../node/secret-key.ts';
import { createSnapshotFile } from '../node/snapshot-file.ts';
import { countryTable } from './country-table.ts';
import { openLogs } from './logs.ts';
import { startPartition } from './partition.ts';

/** The process that works the logs off: process, deliver and retention, one of each per partition. */
export async function composeWorker(context: NodeContext): Promise<RunningProcess> {
  const { config, bus, logger } = context;
  const snapshotFile = createSnapshotFile(join(config.data, 'snapshot.json'), bus, logger);
  const engine = await openLogs(context);
  const store = await stateStores(config.state, context).openWork();
  const sealed = await snapshotFile.hold();
  const snapshot = openedSnapshot(sealed, readSecretBox(config), logger);
  const loadCountries = countryTable(config.countryTable);
  const parts = await Promise.all(
    Array.from({ length: engine.partitions }, (_, partition) =>
      startPartition({ context, engine, store, snapshot, loadCountries, partition }),
    ),
  );
  return {
    banner: {},
    health: () => ({ state: 'running', partitions: parts.map((part) => part.state()) }),
    stop: async () => {
      await Promise.all(parts.map((part) => part.stop()));
      await engine.close();
      await store.close();
    },
  };
}
