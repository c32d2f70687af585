import { randomBytes } from 'node:crypto';
import { openArchiveReader } from '../../archive/open-archive-reader.ts';
import { type RunningArchive, startArchive } from '../../archive/start-archive.ts';
import type { ArchiveReader } from '../../core/archive.ts';
import type { Deletion } from '../../core/deletion.ts';
import type { ObjectStore } from '../../core/object-store.ts';
import { openObjectStore } from '../../storage/open-object-store.ts';
import { stateStores } from '../../storage/open-state.ts';
import { busyLoop } from '../node/busy-loop.ts';
import type { NodeContext } from '../node/node-context.ts';
import type { PartitionDeps } from '../partitions/partition-deps.ts';

const megabyte = 1024 * 1024;
const day = 24 * 60 * 60 * 1000;

/** Opens the archive's place with the first call that needs it; after a failure the next call tries again. */
export function lazyObjects(
  url: string,
  { clock }: Pick<NodeContext, 'clock'>,
): { open(): Promise<ObjectStore>; close(): Promise<void> } {
  let opening: Promise<ObjectStore> | undefined;
  const open = async () => {
    opening ??= openObjectStore(url, { clock });
    try {
      return await opening;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  return { open, close: async () => (await opening)?.close() };
}

/** Archives one partition, and reads what was archived of it. */
export async function startPartitionArchive(
  deps: PartitionDeps & {
    objects(): Promise<ObjectStore>;
    deletions(): Promise<readonly Deletion[]>;
  },
): Promise<{
  readonly writer: RunningArchive;
  readonly reader: ArchiveReader;
  close(): Promise<void>;
}> {
  const { context, engine, partition, objects, store } = deps;
  const { clock, config, logger } = context;
  const isFolder = config.archive?.startsWith('file:') === true;
  const events = await engine.openReader('events', partition);
  const { lease, suppressions, registry } = deps;
  const writer = startArchive({
    ...{ partition, events, objects, store, suppressions, lease, clock, logger, registry },
    offsetKeeping: (bytes) => engine.offsetKeeping('events', partition, bytes),
    inputRepeats: engine.outlivesNode,
    isBusy: busyLoop(),
    hasRoom: () => !isFolder || engine.hasRoom(),
    policy: {
      everyMs: config.archiveSeconds * 1000,
      keepMs: config.archiveDays * day,
      keepBytes: Math.floor((config.archiveMegabytes * megabyte) / engine.partitions),
    },
    deletions: () => deps.deletions(),
    name: () => randomBytes(4).toString('hex'),
  });
  return {
    writer,
    reader: openArchiveReader({ partition, store, objects }),
    close: async () => {
      await writer.stop();
      await events.close();
    },
  };
}

/** The archive as a loader of warehouses reads it: of every partition, whoever writes it. */
export async function openLoadArchive(
  url: string,
  context: NodeContext,
): Promise<{ readerOf(partition: number): ArchiveReader; close(): Promise<void> }> {
  const objects = lazyObjects(url, context);
  const store = await stateStores(context.config.state, context).openWorkReader();
  return {
    readerOf: (partition) => openArchiveReader({ partition, store, objects: objects.open }),
    close: async () => {
      await objects.close();
      await store.close();
    },
  };
}
