import { readFileSync } from 'node:fs';
import type { Bus } from '../../core/bus.ts';
import type { Json } from '../../core/json.ts';
import type { Logger } from '../../core/logger.ts';
import type { Snapshot, SnapshotHolder } from '../../core/snapshot.ts';
import { replaceFile } from './replace-file.ts';

/**
 * The last snapshot on disk, so that the data plane starts while the control plane is down. One JSON
 * text, replaced whole by a rename; a file that cannot be read is as good as none, because the
 * control process publishes a new snapshot as soon as it runs.
 */
export interface SnapshotFile {
  /** The control process: keep it and tell the others. */
  publish(snapshot: Snapshot): void;
  /** A data-plane process: resolves with the holder once there is a first snapshot. */
  hold(): Promise<SnapshotHolder>;
}

export function createSnapshotFile(path: string, bus: Bus, logger: Logger): SnapshotFile {
  let published: Snapshot | undefined;
  bus.subscribe('snapshot.wanted', () => {
    if (published) bus.publish('snapshot', JSON.stringify(published));
  });
  return {
    publish: (snapshot) => {
      published = snapshot;
      const text = JSON.stringify(snapshot);
      replaceFile(path, text);
      bus.publish('snapshot', text);
    },
    hold: () => holdSnapshot(readSnapshot(path, logger), bus, logger),
  };
}

function readSnapshot(path: string, logger: Logger): Snapshot | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // No file: the first start. The control process is about to publish.
    return undefined;
  }
  return parseSnapshot(text, logger);
}

function parseSnapshot(payload: Json, logger: Logger): Snapshot | undefined {
  try {
    // Written by the control process of this very version; it is the only writer.
    return typeof payload === 'string' ? (JSON.parse(payload) as Snapshot) : undefined;
  } catch (error) {
    logger.warn(
      { err: error },
      'the stored configuration snapshot cannot be read; waiting for a new one',
    );
    return undefined;
  }
}

function holdSnapshot(
  stored: Snapshot | undefined,
  bus: Bus,
  logger: Logger,
): Promise<SnapshotHolder> {
  const listeners = new Set<(snapshot: Snapshot) => void>();
  return new Promise((resolve) => {
    let current = stored;
    let heard: Snapshot | undefined;
    const holder = (first: Snapshot): SnapshotHolder => ({
      get current() {
        return current ?? first;
      },
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    });
    bus.subscribe('snapshot', (payload) => {
      const next = parseSnapshot(payload, logger);
      // What was heard first counts even below the file: the control store may come from a backup.
      if (!next || (heard && next.version < heard.version)) return;
      heard = next;
      const isFirst = current === undefined;
      current = next;
      if (isFirst) resolve(holder(next));
      else for (const listener of listeners) listener(next);
    });
    if (current) resolve(holder(current));
    bus.publish('snapshot.wanted', null);
  });
}
