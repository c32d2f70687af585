import type { Clock } from '../core/clock.ts';
import { TributaryError } from '../core/errors.ts';
import type { LogReader, Offset } from '../core/event-log.ts';
import type { Lease } from '../core/lease.ts';
import { limits } from '../core/limits.ts';
import type { Logger } from '../core/logger.ts';
import type { StateStore } from '../core/state.ts';
import type { WorkTables } from '../core/tables/work-tables.ts';
import { inTransactions, underLease } from '../core/under-lease.ts';
import type { CountedCommit, ProcessUsage } from '../core/usage/usage.ts';
import { PendingCounts } from './pending-counts.ts';
import { type CountedRecord, isReturned, readCounted } from './read-counted.ts';
import { SeenUsers } from './seen-users.ts';
import { SourceTallies } from './source-tally.ts';
import { trimUsage } from './trim-usage.ts';

export interface ProcessUsageDeps {
  readonly partition: number;
  /** Of the log `events`; closed by the caller, after `stop`. */
  readonly reader: LogReader;
  /** The end and the mark of that log, now that it is open for writing. */
  readonly end: Offset;
  readonly mark: Offset;
  /** Whether input may stand in the log twice, as where several nodes may have written it. */
  readonly inputRepeats: boolean;
  readonly store: StateStore<WorkTables>;
  /** Of the partition: everything is written under it. Released by the caller, after `stop`. */
  readonly lease: Lease;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface RunningProcessUsage extends ProcessUsage {
  /** Writes what is counted. Rejects never: what could not be written is counted from the log the next time. */
  stop(): Promise<void>;
}

const trimEveryMs = 60_000;
const retryMs = 1_000;
/** Bytes read from the log between two writes, where counting catches up. */
const catchUpBytes = 16 * limits.logReadBytes;

/**
 * Counts events, discards and users of one partition, by source.
 *
 * State: how far the log `events` is counted stands in `usage_position`, and is committed with the counts; so
 * every record of the log counts once, through any crash. While all is well the counts are made of what process
 * has in its hands at each commit. After a start, after a failed write, and when another node has taken over,
 * they are made of the log itself, from that position on, until they have caught up. What comes back from the functions of
 * sources, or is given up there, others write to the log than process: that is always counted from the log, before each write
 * (`#scan`). Repeated events and those of suppressed users leave nothing in the log that is to be counted: what the last
 * `limits.usageFoldMs` before a crash had of them is missing. Where there is no position yet, as
 * after an upgrade, counting begins at the end of the log.
 */
export function startProcessUsage(deps: ProcessUsageDeps): RunningProcessUsage {
  return new Counting(deps);
}

class Counting implements RunningProcessUsage {
  readonly #deps: ProcessUsageDeps;
  readonly #stopping = new AbortController();
  readonly #tallies = new SourceTallies();
  readonly #users: SeenUsers;
  readonly #pending: PendingCounts;
  readonly #done: Promise<void>;
  /** Counted in memory up to here. */
  #position: Offset = 0;
  #input: Offset = 0;
  /** Of the log. */
  #end: Offset;
  #mark: Offset;
  /** What the database says. */
  #written: Offset = -1;
  #isBehind = true;
  /** Something has come, or may come, from functions in this run. */
  #isShared = false;
  /** What functions wrote is counted up to here, while `#isShared`. */
  #scanned: Offset = 0;
  #trimmedAt = Number.NEGATIVE_INFINITY;

  constructor(deps: ProcessUsageDeps) {
    this.#deps = deps;
    this.#end = deps.end;
    this.#mark = deps.mark;
    this.#users = new SeenUsers(deps.partition);
    this.#pending = new PendingCounts(deps.partition);
    this.#done = this.#run();
  }

  committed(commit: CountedCommit): void {
    const { events, admitted, repeated, discards, unlogged, end, mark } = commit;
    this.#end = Math.max(this.#end, end);
    this.#mark = mark;
    for (const index of this.#isBehind ? [] : admitted) {
      const event = events[index];
      if (event === undefined || event.isAgain === true) continue;
      this.#tallies.add(event, '');
      this.#users.add(event);
    }
    for (const index of repeated) {
      const event = events[index];
      if (event !== undefined) this.#tallies.add(event, 'duplicate');
    }
    for (const discard of unlogged) this.#tallies.addDiscard(discard);
    if (this.#isBehind) return;
    for (const discard of discards) this.#tallies.addDiscard(discard);
    this.#position = this.#end;
    this.#input = mark;
  }

  returning(): void {
    if (this.#isShared) return;
    this.#isShared = true;
    this.#scanned = this.#position;
  }

  stop(): Promise<void> {
    this.#stopping.abort();
    return this.#done;
  }

  async #run(): Promise<void> {
    const { clock, logger, lease, store, partition } = this.#deps;
    const { signal } = this.#stopping;
    let isFailing = false;
    for (let isLast = false; !isLast; ) {
      isLast = signal.aborted;
      try {
        if (this.#isBehind) await this.#catchUp();
        else await this.#scan();
        if (clock.monotonic() - this.#trimmedAt >= trimEveryMs) {
          this.#trimmedAt = clock.monotonic();
          await trimUsage(store.db, lease, partition, clock.now());
        }
        isFailing = false;
      } catch (err) {
        this.#isBehind = true;
        if (err instanceof TributaryError && err.code === 'lease_lost') return;
        const message = 'counts cannot be written; they will be made of the log';
        logger[isFailing ? 'debug' : 'error']({ err, partition }, message);
        isFailing = true;
      }
      if (!isLast) await clock.sleep(isFailing ? retryMs : limits.usageFoldMs, signal);
    }
  }

  /** Counts from the log until nothing is left, then goes on with what process says. */
  async #catchUp(): Promise<void> {
    const { store, lease, reader, logger, partition, inputRepeats } = this.#deps;
    this.#tallies.clear();
    this.#users.clear();
    this.#written = -1;
    await this.#pending.load(store.db, lease, 'process');
    const saved = await this.#savedPosition();
    const start = await reader.start();
    if (saved.position > this.#end || saved.position < start) {
      const message = 'the log events does not hold what was to be counted next: it is not counted';
      logger.warn({ partition, position: saved.position, start, end: this.#end }, message);
    }
    this.#position = Math.min(saved.position, this.#end);
    this.#input = saved.input;
    let bytes = 0;
    while (this.#position < this.#end) {
      if (this.#stopping.signal.aborted) return await this.#write();
      const until = this.#end;
      const { records, next } = await reader.read(this.#position, {
        maxBytes: limits.logReadBytes,
      });
      if (next === this.#position) break;
      for (const record of records) {
        if (record.offset >= until) break;
        const counted = readCounted(record);
        if (counted === undefined) continue;
        if (counted.input !== undefined) {
          if (inputRepeats && counted.input < saved.input) continue;
          this.#input = Math.max(this.#input, counted.input);
        }
        this.#count(counted);
        bytes += record.body.length;
      }
      this.#position = Math.min(next, until);
      if (bytes > catchUpBytes) {
        bytes = 0;
        await this.#write();
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#position = this.#end;
    this.#scanned = this.#end;
    this.#input = this.#mark;
    this.#isBehind = false;
    await this.#write();
  }

  /** Counts what functions have written to the log, as far as process has told of the rest, and writes. */
  async #scan(): Promise<void> {
    if (this.#isShared) {
      // The position must not pass what is not counted: nothing may be told between this and the write.
      do await this.#scanOnce();
      while (this.#scanned < this.#position);
    }
    await this.#write();
  }

  async #scanOnce(): Promise<void> {
    const { reader } = this.#deps;
    const told = this.#position;
    const { records, next } = await reader.read(this.#scanned, { maxBytes: limits.logReadBytes });
    let to = next === this.#scanned ? told : next;
    for (const record of records) {
      if (isReturned(record)) {
        const counted = readCounted(record);
        if (counted !== undefined) this.#count(counted);
      } else if (record.offset >= this.#position) {
        // Process is about to tell.
        to = record.offset;
        break;
      }
    }
    this.#scanned = Math.max(this.#scanned, to);
    this.#position = Math.max(this.#position, this.#scanned);
    this.#end = Math.max(this.#end, this.#position);
    await new Promise((resolve) => setImmediate(resolve));
  }

  #count(counted: CountedRecord): void {
    if (counted.kind === 'discard') {
      this.#tallies.addDiscard(counted.discard);
    } else {
      this.#tallies.add(counted.event, '');
      this.#users.add(counted.event);
    }
  }

  async #savedPosition(): Promise<{ readonly position: Offset; readonly input: Offset }> {
    const { store, lease, partition } = this.#deps;
    const find = () =>
      store.db
        .selectFrom('usage_position')
        .selectAll()
        .where('partition', '=', partition)
        .executeTakeFirst();
    const row = await find();
    if (row !== undefined) return { position: Number(row.position), input: Number(row.input) };
    const first = { position: this.#end, input: this.#mark };
    await underLease(store.db, lease, async (rows) => {
      await rows
        .insertInto('usage_position')
        .values({ partition, ...first })
        .onConflict((conflict) => conflict.column('partition').doNothing())
        .execute();
    });
    return first;
  }

  /** Everything counted so far, with the position that it reaches to. */
  async #write(): Promise<void> {
    const { store, lease, partition } = this.#deps;
    const at = { position: this.#position, input: this.#input };
    if (at.position === this.#written && this.#tallies.isEmpty && this.#pending.isEmpty) return;
    this.#tallies.moveTo(this.#pending);
    await inTransactions(store.db, lease, this.#users.write());
    this.#users.prune();
    const steps = this.#pending.write();
    await underLease(store.db, lease, async (rows) => {
      for (const step of steps) await step.run(rows);
      await rows
        .insertInto('usage_position')
        .values({ partition, ...at })
        .onConflict((conflict) => conflict.column('partition').doUpdateSet(at))
        .execute();
    });
    this.#written = at.position;
    if (this.#pending.isEmpty) return;
    await inTransactions(store.db, lease, this.#pending.fold());
    this.#pending.folded();
  }
}
