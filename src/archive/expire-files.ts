import type { Clock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import type { Logger } from '../core/logger.ts';
import type { ObjectStore } from '../core/object-store.ts';
import type { ArchiveFileTable } from '../core/tables/archive-tables.ts';
import type { ArchiveMetrics } from './archive-metrics.ts';
import type { ArchivePolicy } from './archive-policy.ts';
import type { ArchiveStore } from './archive-store.ts';
import { dayMs } from './batch.ts';

export interface ExpireDeps {
  objects(): Promise<ObjectStore>;
  readonly store: ArchiveStore;
  readonly partition: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ArchiveMetrics;
  readonly signal: AbortSignal;
}

/**
 * Deletes what is beyond the bounds: days that are over for longer than `keepMs`, then the oldest files while all take
 * more than `keepBytes`. First the file goes, then its row, whose events become a counted `expired`: a crash between the
 * two only repeats the deletion.
 */
export async function expireFiles(policy: ArchivePolicy, deps: ExpireDeps): Promise<void> {
  const { clock, store, signal } = deps;
  if (policy.keepMs > 0) {
    const before = clock.now() - policy.keepMs - dayMs;
    for (let more = true; more && !signal.aborted; ) {
      const old = await store.files({ before });
      for (const file of old) await expire(file, 'age', deps);
      more = old.length === limits.archiveRows;
    }
  }
  if (policy.keepBytes === 0) return;
  let excess = (await store.bytes()) - policy.keepBytes;
  while (excess > 0 && !signal.aborted) {
    for (const file of await store.files({}, { limit: 20 })) {
      if (excess <= 0) return;
      await expire(file, 'size', deps);
      excess -= file.bytes;
    }
  }
}

async function expire(
  file: ArchiveFileTable,
  reason: 'age' | 'size',
  { objects, store, clock, logger, metrics, partition }: ExpireDeps,
): Promise<void> {
  await (await objects()).delete(file.key);
  await store.expire(file, reason, clock.now());
  metrics.expired.inc({ reason }, file.events);
  const { key, events } = file;
  const message = 'a file of the archive has expired';
  logger[reason === 'size' ? 'warn' : 'info']({ partition, key, events, reason }, message);
}
