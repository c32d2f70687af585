import type { Clock } from '../core/clock.ts';
import { TributaryError } from '../core/errors.ts';
import type { LogEntry, LogReader, LogWriter, Offset } from '../core/event-log.ts';
import type { JsonObject } from '../core/json.ts';
import type { KeySet } from '../core/key-set.ts';
import { limits } from '../core/limits.ts';
import type { Logger } from '../core/logger.ts';
import type { Registry } from '../core/prometheus.ts';
import type { Redeliver, Redelivery } from '../core/redelivery.ts';
import type { SecretBox } from '../core/secret-box.ts';
import type { SnapshotHolder } from '../core/snapshot.ts';
import type { Suppressions } from '../core/suppressions.ts';
import type { ProcessUsage } from '../core/usage/usage.ts';
import { admitNew } from './admit-new.ts';
import { BodyArena } from './body-arena.ts';
import { DiscardQuota } from './discard-quota.ts';
import { Fingerprints } from './fingerprint.ts';
import type { CountryTable } from './policy/country-table.ts';
import { SourcePolicies } from './policy/source-policies.ts';
import { type Batch, type BatchContext, prepareBatch } from './prepare-batch.ts';
import { type ProcessMetrics, processMetrics } from './process-metrics.ts';
import { rebuildKeys } from './rebuild-keys.ts';
import { SeenLog } from './seen-log.ts';
import { SourceShapers } from './shaping/source-shapers.ts';
import { divide, type Staging } from './staging.ts';

/** What process works on. The logs and the key set belong to the caller, who closes them after `stop`. */
export interface ProcessDeps {
  readonly partition: number;
  /** The log `accepted`. */
  readonly input: LogReader;
  /** The log `events`; its mark is the input position reached. */
  readonly output: LogWriter;
  /** The log `seen`. */
  readonly seen: { readonly writer: LogWriter; readonly reader: LogReader };
  /** The keys of this partition. */
  readonly keys: KeySet;
  /** 16 random bytes, made at the first start and kept with the data: without them `seen` says nothing. */
  readonly secret: Uint8Array;
  /** Absent in tests that are not about it. */
  readonly staging?: Staging | undefined;
  /** As of `LogEngine`: the key set may be gone when the partition is next worked on, at another node. */
  readonly outlivesNode?: boolean;
  readonly snapshot: SnapshotHolder;
  readonly suppressions: Suppressions;
  /** Reads the country table, once for all, when a source first asks for countries. Rejects when there is none. */
  loadCountries(): Promise<CountryTable>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /**
   * Hands what sources forward to other sources to ingest: violations of their plans, and events they block. Resolves
   * when it is durable, or was refused. Absent in tests that are not about it.
   */
  forward?: Redeliver;
  /** Opens the keys of transformations; read when one is sealed. */
  secrets?: () => SecretBox;
  /** Counts for users; absent in tests that are not about it. */
  readonly usage?: ProcessUsage | undefined;
}

export interface Process {
  /** Resolves when the dedupe keys are complete and processing begins, or when it was stopped before. */
  readonly ready: Promise<void>;
  /** Resolves after `stop`; rejects when processing cannot go on: the process must be restarted. */
  readonly done: Promise<void>;
  /** For /health. */
  state(): JsonObject;
  /** What retention must keep: the offsets before which `accepted` and `seen` are not needed here. */
  needs(): { readonly accepted: Offset; readonly seen: Offset };
  /** Finishes the batch at hand, then resolves. */
  stop(): Promise<void>;
}

/**
 * The stage from `accepted` to `events` of one partition: reads requests in order, makes events and
 * discards, drops what was seen before, and writes one commit per batch with the input position
 * reached, also when nothing came out.
 *
 * State: that position is `output.mark`, and everything else is derived. After any crash it begins
 * again there: a batch whose commit is whole is never seen again, one whose commit is not is made
 * anew, equal. A key counts once its input position is committed: keys reach `seen`, and later files,
 * only after their commit; before anything is processed the set is completed up to the mark from
 * `seen` and from `accepted` (`rebuild-keys`). So at most one commit is under way, and the next
 * batch is prepared meanwhile but deduped only after it.
 */
export function startProcess(deps: ProcessDeps): Process {
  const stage = new Stage(deps);
  const done = stage.run();
  return {
    ready: stage.ready,
    done,
    state: () => stage.state(),
    needs: () => stage.needs(),
    stop: () => {
      stage.abort();
      return done;
    },
  };
}

class Stage {
  readonly #deps: ProcessDeps;
  readonly #stopping = new AbortController();
  readonly #ready = Promise.withResolvers<void>();
  readonly #context: BatchContext;
  readonly #seenLog: SeenLog;
  readonly #metrics: ProcessMetrics;
  readonly #arenas: [BodyArena, BodyArena] = [new BodyArena(), new BodyArena()];
  #phase: 'rebuilding' | 'running' | 'stopped' | 'failed' = 'rebuilding';
  #idle = false;
  #lastReceivedAt: number | undefined;

  constructor(deps: ProcessDeps) {
    const { keys, seen, clock, logger, registry } = deps;
    this.#deps = deps;
    this.#context = {
      partition: deps.partition,
      fingerprints: new Fingerprints(deps.secret),
      policies: new SourcePolicies(deps),
      shapers: new SourceShapers(deps.snapshot, logger, deps.secrets),
      isStaged: deps.staging && ((source) => deps.staging?.takes(source) === true),
      suppressions: deps.suppressions,
      quota: new DiscardQuota(clock),
    };
    this.#seenLog = new SeenLog({ writer: seen.writer, keys, clock, logger });
    this.#metrics = processMetrics({ registry, keys, lagSeconds: () => this.#lagSeconds() });
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  async run(): Promise<void> {
    const { input, seen, keys, logger, output } = this.#deps;
    const { signal } = this.#stopping;
    const { fingerprints } = this.#context;
    const rebuilt = { input, seen: seen.reader, seenLog: this.#seenLog, keys };
    try {
      await rebuildKeys({ ...rebuilt, fingerprints, logger, signal }, output.mark);
      if (!signal.aborted) {
        this.#phase = 'running';
        this.#ready.resolve();
        await this.#work();
      }
      this.#phase = 'stopped';
      this.#ready.resolve();
    } catch (cause) {
      this.#phase = 'failed';
      this.#ready.reject(cause);
      throw cause;
    }
  }

  abort(): void {
    this.#stopping.abort();
  }

  state(): JsonObject {
    const { keys, output } = this.#deps;
    return { state: this.#phase, mark: output.mark, dedupeKeys: keys.stats().keys };
  }

  needs(): { readonly accepted: Offset; readonly seen: Offset } {
    if (this.#phase === 'rebuilding') return { accepted: 0, seen: 0 };
    const { keys, outlivesNode, output } = this.#deps;
    const remembered = Math.max(this.#seenLog.writtenTo, outlivesNode ? 0 : keys.durableTo);
    return { accepted: Math.min(output.mark, remembered), seen: keys.seenNeededFrom };
  }

  /** One batch after the other, the next one prepared while the one before it is committed. */
  async #work(): Promise<void> {
    const { input, keys, output } = this.#deps;
    const { signal } = this.#stopping;
    let position = output.mark;
    this.#seenLog.begin(position);
    let batch = await this.#take(position);
    while (!signal.aborted) {
      if (batch === undefined) {
        this.#idle = true;
        const more = await input.wait(position, signal);
        this.#idle = false;
        if (more) batch = await this.#take(position);
        continue;
      }
      // First: the position says that it was done.
      if (!(await this.#forward(batch.forwarded))) return;
      const admitted = admitNew(batch, keys);
      const { direct, indexes, staged } = divide(batch, admitted, this.#deps.staging);
      const entries = [...direct, ...batch.discards.entries];
      const [committed, upcoming]: [boolean, Batch | undefined] = await Promise.all([
        this.#commit(staged, entries, batch.next),
        this.#take(batch.next),
      ]);
      // Its keys are in the set already: covering a range now could write them to a file.
      if (!committed) return;
      position = batch.next;
      this.#lastReceivedAt = batch.lastReceivedAt ?? this.#lastReceivedAt;
      this.#metrics.committed(batch, admitted.counts, admitted.duplicates);
      this.#deps.usage?.committed({
        events: batch.counted,
        admitted: indexes,
        repeated: admitted.repeated,
        discards: batch.discards.counted,
        unlogged: batch.discards.unlogged,
        end: output.end,
        mark: position,
      });
      for (const index of admitted.indexes) {
        this.#seenLog.add(batch.keys.hi(index), batch.keys.lo(index), batch.keys.receivedAt(index));
      }
      await this.#seenLog.advance(position);
      batch = upcoming;
    }
    await this.#seenLog.flush();
  }

  /** The batch that begins at `from`; undefined when there is nothing new. */
  async #take(from: Offset): Promise<Batch | undefined> {
    const { input, logger } = this.#deps;
    const { records, next, damaged } = await input.read(from, { maxBytes: limits.logReadBytes });
    for (const range of damaged) {
      this.#metrics.damaged();
      logger.error({ ...range }, 'a range of the log accepted is damaged; it is skipped');
    }
    if (next === from) return undefined;
    await this.#context.policies.refresh();
    await this.#context.shapers.refresh();
    await this.#context.suppressions.refresh(this.#stopping.signal);
    // Of the two arenas, the one of the batch before last: its commit has been made.
    this.#arenas.reverse();
    const [arena] = this.#arenas;
    arena.clear();
    return prepareBatch(records, next, this.#context, arena);
  }

  /** Resolves false when it was stopped before the commit was made. */
  async #commit(
    staged: readonly LogEntry[],
    entries: readonly LogEntry[],
    mark: Offset,
  ): Promise<boolean> {
    const { clock, logger, output, staging } = this.#deps;
    const { signal } = this.#stopping;
    let isStaged = staged.length === 0;
    for (let wait: number = limits.processRetryFirstMs; !signal.aborted; wait *= 2) {
      try {
        // First: the position says that it was done.
        if (!isStaged) await staging?.append(staged, mark);
        isStaged = true;
        await output.append(entries, { mark });
        return true;
      } catch (cause) {
        if (!(cause instanceof TributaryError && cause.code === 'log_unavailable')) throw cause;
        logger.error({ err: cause, mark }, 'the logs events and staged take nothing; trying again');
      }
      await clock.sleep(Math.min(wait, limits.processRetryMostMs), signal);
    }
    return false;
  }

  /** Resolves false when it was stopped before all was taken, or refused for good. */
  async #forward(items: readonly Redelivery[]): Promise<boolean> {
    const { clock, forward, logger } = this.#deps;
    const { signal } = this.#stopping;
    let left = items;
    for (let wait: number = limits.processRetryFirstMs; left.length > 0; wait *= 2) {
      if (signal.aborted) return false;
      if (forward === undefined) return true;
      const outcomes = await forward(left);
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome.kind !== 'refused') continue;
        const { code } = outcome;
        logger.warn(
          { code, source: left[index]?.source },
          'a source does not take what is forwarded',
        );
      }
      left = left.filter((_, index) => outcomes[index]?.kind === 'failed');
      if (left.length === 0) break;
      logger.error({ count: left.length }, 'ingest does not take what is forwarded; trying again');
      await clock.sleep(Math.min(wait, limits.processRetryMostMs), signal);
    }
    return true;
  }

  #lagSeconds(): number {
    if (this.#idle || this.#lastReceivedAt === undefined) return 0;
    return Math.max(0, this.#deps.clock.now() - this.#lastReceivedAt) / 1_000;
  }
}
