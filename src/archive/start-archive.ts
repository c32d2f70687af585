import type { Clock } from '../core/clock.ts';
import type { Deletion } from '../core/deletion.ts';
import { TributaryError } from '../core/errors.ts';
import type { LogReader, Offset } from '../core/event-log.ts';
import type { JsonObject } from '../core/json.ts';
import type { Lease } from '../core/lease.ts';
import { limits } from '../core/limits.ts';
import type { Logger } from '../core/logger.ts';
import type { ObjectStore } from '../core/object-store.ts';
import type { Registry } from '../core/prometheus.ts';
import type { StateStore } from '../core/state.ts';
import type { Suppressions } from '../core/suppressions.ts';
import type { WorkTables } from '../core/tables/work-tables.ts';
import { archiveMetrics } from './archive-metrics.ts';
import type { ArchivePolicy } from './archive-policy.ts';
import { type ArchivePosition, ArchiveStore, type PendingBatch } from './archive-store.ts';
import type { BatchFile, FileFacts } from './batch.ts';
import { deleteUsers } from './delete-users.ts';
import { DeletionProgress } from './deletion-progress.ts';
import { expireFiles } from './expire-files.ts';
import { type Range, readRange } from './write-range.ts';

export interface ArchiveDeps {
  readonly partition: number;
  /** Of this partition of `events`; the archive's own. The caller closes it, after `stop`. */
  readonly events: LogReader;
  /** The offset at which the log would hold at most so many bytes if it began there. */
  offsetKeeping(bytes: number): Promise<Offset>;
  readonly inputRepeats: boolean;
  /** Where the files go; asked for when there is something to write. */
  objects(): Promise<ObjectStore>;
  /** False: the disk that they go to has only its reserve left. */
  hasRoom(): boolean;
  /** True: the process has other things to do, which the archive lets go first. Asked at each look. */
  isBusy(): boolean;
  readonly policy: ArchivePolicy;
  readonly store: StateStore<WorkTables>;
  readonly suppressions: Suppressions;
  /** What regulations want deleted and is not, as far as control knows. */
  deletions(): Promise<readonly Deletion[]>;
  /** Of the partition: writes are under it. Released by the caller, after `stop`. */
  readonly lease: Lease;
  readonly clock: Clock;
  /** Letters and digits that no other archive has. */
  name(): string;
  readonly logger: Logger;
  readonly registry: Registry;
}

export interface RunningArchive {
  /** For `/health`: `{position, failing}`. */
  state(): JsonObject;
  /** Archives all that is in the log now. Rejects with what kept it from it. */
  flush(): Promise<void>;
  /** Ends after the file that is being written, soon in any case; never rejects. The next start goes on there. */
  stop(): Promise<void>;
}

/** However busy, events are archived at the latest after so many times `everyMs`. */
const busyShare = 2;
/** Share of `limits.stopMs` that a file on its way gets. */
const stopShare = 0.25;

/**
 * Writes one partition of `events` to files: the cursor `archive`.
 *
 * State: `archive_position`, and the manifest `archive_file`, in the `work` database. A batch is a range of the log. Its
 * files are made in memory; then the row says which range is pending and what its files will be, then they are written,
 * then they enter the manifest as the position moves, in one transaction. A process that dies on the way, or the next
 * owner, finds the pending range and writes it again: the names of its files follow from where it begins, so they take
 * the place of those that were there. So the files hold each event once, and the manifest says so. If
 * the log has been deleted under a pending batch meanwhile, the files of it that are there are taken as they are.
 *
 * Bounds: one batch in memory (archive/batch.ts), at most half of one core, and that while the process is not busy: the log
 * waits, it is durable.
 */
export function startArchive(deps: ArchiveDeps): RunningArchive {
  return new Archive(deps);
}

class Archive implements RunningArchive {
  readonly #deps: ArchiveDeps;
  readonly #store: ArchiveStore;
  readonly #metrics: ReturnType<typeof archiveMetrics>;
  readonly #stopping = new AbortController();
  readonly #done: Promise<void>;
  /** Passes are one at a time. */
  #turn: Promise<void> = Promise.resolve();
  #position: ArchivePosition | undefined;
  #writtenAt = 0;
  #isFailing = false;

  constructor(deps: ArchiveDeps) {
    this.#deps = deps;
    this.#store = new ArchiveStore(deps.store, deps.partition, deps.lease);
    this.#metrics = archiveMetrics(deps.registry);
    this.#writtenAt = deps.clock.monotonic();
    this.#done = this.#run();
  }

  state(): JsonObject {
    return { position: this.#position?.position ?? 0, failing: this.#isFailing };
  }

  flush(): Promise<void> {
    return this.#inTurn(() => this.#pass());
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const bound = new AbortController();
    const late = this.#deps.clock.sleep(limits.stopMs * stopShare, bound.signal);
    await Promise.race([this.#done, late]);
    bound.abort();
  }

  async #run(): Promise<void> {
    const { clock, logger, policy, partition } = this.#deps;
    const { signal } = this.#stopping;
    const tickMs = Math.min(limits.archiveTickMs, policy.everyMs);
    while (!signal.aborted) {
      try {
        await this.#inTurn(async () => {
          if (await this.#isDue()) await this.#pass();
          await this.#delete();
        });
        this.#isFailing = false;
      } catch (err) {
        // It stays in the log: the next look tries again.
        if (!this.#isFailing && !signal.aborted)
          logger.error({ err, partition }, 'the archive cannot be written');
        this.#isFailing = true;
      }
      await clock.sleep(tickMs, signal);
    }
    await this.#turn;
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #isDue(): Promise<boolean> {
    const { clock, policy, hasRoom, lease, offsetKeeping } = this.#deps;
    if (!hasRoom() || !lease.holds()) return false;
    const { position, pending } = await this.#load();
    if (pending !== undefined) return true;
    const since = clock.monotonic() - this.#writtenAt;
    if (this.#deps.isBusy() && since < busyShare * policy.everyMs) {
      return position < (await offsetKeeping(limits.archiveBacklogBytes));
    }
    return since >= policy.everyMs || position < (await offsetKeeping(limits.archiveBatchBytes));
  }

  async #load(): Promise<ArchivePosition> {
    const { name, events, clock } = this.#deps;
    this.#position ??= await this.#store.position(name(), () => events.start(), clock.now());
    return this.#position;
  }

  /** Everything up to the end that the log has now, then the bounds. */
  async #pass(): Promise<void> {
    const { events, clock, policy } = this.#deps;
    const { signal } = this.#stopping;
    await this.#finishPending(await this.#load());
    const end = await events.end();
    for (let at = await this.#load(); at.position < end && !signal.aborted; ) {
      const since = clock.monotonic();
      await this.#batch(at, end);
      at = await this.#load();
      if (at.position < end) await clock.sleep(clock.monotonic() - since, signal);
    }
    this.#writtenAt = clock.monotonic();
    const objects = () => this.#objects();
    const { store, metrics } = { store: this.#store, metrics: this.#metrics };
    await expireFiles(policy, { ...this.#deps, objects, store, metrics, signal });
  }

  /** One deletion after the other: what the log holds is archived first, so that none of it comes later. */
  async #delete(): Promise<void> {
    const { store, partition, lease } = this.#deps;
    const progress = new DeletionProgress(store, partition, lease);
    const { signal } = this.#stopping;
    for (const deletion of await this.#deps.deletions()) {
      if (signal.aborted || !lease.holds()) return;
      if (await progress.isDone(deletion)) continue;
      await this.#pass();
      const objects = () => this.#objects();
      const own = { store: this.#store, metrics: this.#metrics, objects, progress, signal };
      await deleteUsers(deletion, { ...this.#deps, ...own });
    }
  }

  async #batch(at: ArchivePosition, end: Offset): Promise<void> {
    const { events, suppressions, clock } = this.#deps;
    await suppressions.refresh(this.#stopping.signal);
    const start = await events.start();
    const from = Math.max(at.position, start);
    const lost = start > at.position && at.position > 0 ? 1 : 0;
    const range: Range = { name: at.name, from, stamp: at.stamp, to: end, whole: false };
    const { signal } = this.#stopping;
    const { files, to, stamp } = await readRange(range, { ...this.#deps, signal });
    if (signal.aborted) return;
    const pending = { to, stamp, files: files.map(({ facts }) => facts) };
    if (lost > 0) this.#reportLost(at.position, start);
    if (files.length > 0) {
      await this.#store.begin(from, pending, clock.now());
      this.#position = { ...at, position: from, pending };
      for (const file of files) await this.#put(file);
    }
    await this.#commit(at, pending, pending.files, lost);
  }

  /** Writes the batch that was begun, by this owner or the last one, to its end. */
  async #finishPending(at: ArchivePosition): Promise<void> {
    const { events, suppressions } = this.#deps;
    const { pending } = at;
    if (pending === undefined) return;
    await suppressions.refresh(this.#stopping.signal);
    const start = await events.start();
    if (start > at.position) return await this.#adopt(at, pending);
    const { to } = pending;
    const range: Range = { name: at.name, from: at.position, stamp: at.stamp, to, whole: true };
    const { signal } = this.#stopping;
    const { files, empty, stamp } = await readRange(range, { ...this.#deps, signal });
    if (signal.aborted) return;
    for (const file of files) await this.#put(file);
    const objects = await this.#objects();
    for (const key of empty) await objects.delete(key);
    await this.#commit(
      at,
      { to, stamp },
      files.map(({ facts }) => facts),
    );
  }

  /** The log no longer has all of the batch: what was written of it is taken as it is. */
  async #adopt(at: ArchivePosition, pending: PendingBatch): Promise<void> {
    const objects = await this.#objects();
    const there: FileFacts[] = [];
    let lost = 0;
    for (const file of pending.files) {
      const found = await objects.find(file.key);
      if (found?.bytes === file.bytes) there.push(file);
      else lost += file.events;
    }
    if (lost > 0) this.#reportLost(at.position, pending.to);
    await this.#commit(at, pending, there, lost);
  }

  async #put({ facts, body }: BatchFile): Promise<void> {
    const { lease } = this.#deps;
    const objects = await this.#objects();
    if (!lease.holds()) {
      throw new TributaryError('lease_lost', 'The partition is another node’s, or may be');
    }
    await objects.put(facts.key, body);
  }

  async #commit(
    at: ArchivePosition,
    { to, stamp }: Omit<PendingBatch, 'files'>,
    files: readonly FileFacts[],
    lost = 0,
  ): Promise<void> {
    const kept = this.#deps.inputRepeats ? stamp : { input: 0, item: -1 };
    await this.#store.written(files, { to, stamp: kept }, this.#deps.clock.now(), { events: lost });
    this.#position = { name: at.name, position: to, stamp: kept, pending: undefined };
    for (const { events, bytes } of files) {
      this.#metrics.events.inc(events);
      this.#metrics.bytes.inc(bytes);
    }
    if (lost > 0) this.#metrics.expired.inc({ reason: 'log' }, lost);
  }

  #reportLost(from: Offset, to: Offset): void {
    const { logger, partition } = this.#deps;
    const message = 'a part of the log was deleted before it was archived';
    logger.error({ partition, from, to }, message);
  }

  #objects(): Promise<ObjectStore> {
    return this.#deps.objects();
  }
}
