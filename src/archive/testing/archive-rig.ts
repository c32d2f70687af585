import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { systemClock } from '../../core/clock.ts';
import type { LogEntry, LogWriter } from '../../core/event-log.ts';
import type { Lease } from '../../core/lease.ts';
import { silentLogger } from '../../core/logger.ts';
import type { ObjectStore } from '../../core/object-store.ts';
import { Registry } from '../../core/prometheus.ts';
import { type EventMeta, recordKinds } from '../../core/records.ts';
import type { StateStore } from '../../core/state.ts';
import { noSuppressions } from '../../core/suppressions.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { openDiskObjects } from '../../storage/objects/disk/open-disk-objects.ts';
import { freshStores } from '../../storage/testing/fresh-stores.ts';
import { type ArchiveDeps, type RunningArchive, startArchive } from '../start-archive.ts';

export const day = 24 * 60 * 60 * 1000;

/** One partition's log in memory, a work database, a folder for the files, and archives over them. */
export async function archiveRig(t: { after(end: () => unknown): void }) {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-archive-'));
  const clock = new ManualClock();
  const engine = await openMemoryLogEngine({ clock });
  const { writer } = await engine.openWriter('events', 0);
  const stores = freshStores();
  const store = await stores.openWork();
  const objects = await openDiskObjects(folder, systemClock);
  const running = new Set<RunningArchive>();
  let owner: Lease | undefined;
  t.after(async () => {
    for (const one of running) await one.stop();
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const start = async (changed: Partial<ArchiveDeps> = {}): Promise<RunningArchive> => {
    // The one before has lost the partition.
    await owner?.release();
    owner = await store.leases.take('deliver/0');
    const archive = startArchive({
      partition: 0,
      events: await engine.openReader('events', 0),
      offsetKeeping: (bytes) => engine.offsetKeeping('events', 0, bytes),
      inputRepeats: false,
      objects: async () => objects,
      hasRoom: () => true,
      isBusy: () => false,
      policy: { everyMs: 3_600_000, keepMs: 0, keepBytes: 0 },
      store,
      suppressions: noSuppressions,
      deletions: async () => [],
      lease: owner,
      clock,
      name: () => 'abcd1234',
      logger: silentLogger,
      registry: new Registry(),
      ...changed,
    });
    running.add(archive);
    return archive;
  };
  return { folder, clock, engine, writer, store, objects, start };
}

let inputs = 0;

/** One event as process writes it; what is given replaces what it would have. */
export function entry(
  id: string,
  time: number,
  given: { source?: string; body?: object; meta?: Partial<EventMeta>; kind?: number } = {},
): LogEntry {
  inputs += 1;
  const body = { type: 'track', messageId: id, userId: 'u1', event: 'E', ...given.body };
  const meta = { i: inputs, n: 0, t: time, type: 'track', id, u: 'u1', ...given.meta };
  return {
    kind: given.kind ?? recordKinds.event,
    source: given.source ?? 'src',
    meta: JSON.stringify(meta),
    body: Buffer.from(JSON.stringify(body)),
  };
}

export function append(writer: LogWriter, entries: readonly LogEntry[]): Promise<number> {
  return writer.append(entries);
}

/** The lines of every file, by key, as any gzip reader gives them. */
export async function linesOf(objects: ObjectStore): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for await (const { key } of objects.list('')) {
    const text = gunzipSync((await objects.get(key))?.body ?? Buffer.alloc(0)).toString();
    all[key] = text.split('\n').slice(0, -1);
  }
  return all;
}

/** The messageIds of all lines of all files. */
export async function idsOf(objects: ObjectStore): Promise<string[]> {
  const lines = Object.values(await linesOf(objects)).flat();
  return lines.map((line) => String(JSON.parse(line).messageId));
}

export async function manifest(store: StateStore<WorkTables>) {
  return await store.db.selectFrom('archive_file').selectAll().orderBy('key').execute();
}

export async function expired(store: StateStore<WorkTables>) {
  return await store.db
    .selectFrom('archive_expired')
    .select(['source', 'day', 'reason', 'events'])
    .execute();
}
