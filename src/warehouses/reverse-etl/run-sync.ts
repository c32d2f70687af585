import type { Clock } from '../../core/clock.ts';
import type { Lane } from '../../core/destination.ts';
import { TributaryError } from '../../core/errors.ts';
import type { Http } from '../../core/http.ts';
import type { Lease } from '../../core/lease.ts';
import { limits } from '../../core/limits.ts';
import type { ReverseEtlConfig, WarehouseConfig } from '../../core/snapshot.ts';
import type { WarehouseQuery } from '../../core/warehouse-query.ts';
import { type ChangeResult, deliverChanges } from './deliver-changes.ts';
import { type ModelRow, readModelRow } from './model-row.ts';
import { type RowChange, rowEvent } from './row-change.ts';
import type { RowStore } from './row-store.ts';
import type { Run, RunStore } from './run-store.ts';
import { SeenKeys } from './seen-keys.ts';

export interface SyncDeps {
  readonly query: WarehouseQuery;
  readonly rows: RowStore;
  readonly runs: RunStore;
  readonly http: Http;
  readonly clock: Clock;
  readonly lease: Lease;
}

export interface SyncTask {
  readonly run: Run;
  readonly config: ReverseEtlConfig;
  readonly warehouse: WarehouseConfig;
  readonly lane: Lane;
  /** Aborts when somebody cancels it. */
  readonly signal: AbortSignal;
}

/** The destination takes nothing: it makes no sense to go on with the rest. */
const hopelessRows = 20;

/**
 * One sync: reads the model's rows, sends what is new or changed to the subscription's action, and then what is gone. A row counts as
 * taken once it was delivered, so the next sync sends again what failed. Rows that are gone are known only when the query
 * was read to its end: a query that breaks off deletes nothing.
 *
 * Rejects with `lease_lost`, with `store_failed`, and with the reason of the query; what it has counted until then stands in the run.
 */
export class ReverseEtlSync {
  readonly #task: SyncTask;
  readonly #deps: SyncDeps;
  readonly #seen = new SeenKeys();
  readonly #counts;
  #firstFailure: string | undefined;

  constructor(task: SyncTask, deps: SyncDeps) {
    this.#task = task;
    this.#deps = deps;
    const { added, updated, deleted, delivered, failed } = task.run;
    this.#counts = { added, updated, deleted, delivered, failed, extracted: 0 };
  }

  async run(): Promise<{
    readonly failed: number;
    readonly delivered: number;
    readonly failure: string | undefined;
  }> {
    const { config, warehouse, signal } = this.#task;
    const { query, runs, clock } = this.#deps;
    const options = { pageRows: limits.reverseEtlPageRows, signal };
    for await (const page of query(warehouse, config.model.query, options)) {
      await this.#changed(
        page.map((values) => readModelRow(values, config.model.identifierColumn)),
      );
      signal.throwIfAborted();
    }
    await runs.update(this.#task.run.id, { ...this.#counts, extracted_at: clock.now() });
    await this.#gone();
    const { failed, delivered } = this.#counts;
    return { failed, delivered, failure: this.#firstFailure };
  }

  /** A page of the query: what the destination does not have so is sent. */
  async #changed(readings: readonly ReturnType<typeof readModelRow>[]): Promise<void> {
    const rows: ModelRow[] = [];
    for (const reading of readings) {
      this.#counts.extracted += 1;
      if (!reading.ok) this.#fail(reading.problem);
      else if (this.#seen.add(reading.row.key)) rows.push(reading.row);
      else this.#fail(`"${reading.row.key}" identifies more than one row`);
    }
    if (this.#seen.size > limits.reverseEtlRows) {
      const text = `The model has more than ${limits.reverseEtlRows} rows`;
      throw new TributaryError('warehouse_failed', text);
    }
    const { subscription } = this.#task.config;
    const known = await this.#deps.rows.hashes(
      subscription.id,
      rows.map(({ key }) => key),
    );
    const changes = rows.flatMap(({ key, hash, values }): RowChange[] => {
      const before = known.get(key);
      if (before === hash) return [];
      const kind = before === undefined ? 'new' : 'updated';
      return [{ kind, key, hash, before: before ?? '', values }];
    });
    await this.#deliver(changes);
  }

  /** After the query: what the destination has and the query no longer finds. */
  async #gone(): Promise<void> {
    const { config } = this.#task;
    const { identifierColumn } = config.model;
    for (let after = ''; ; ) {
      const page = await this.#deps.rows.page(
        config.subscription.id,
        after,
        limits.reverseEtlPageRows,
      );
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.row_key;
      const gone = page.filter(({ row_key }) => !this.#seen.has(row_key));
      await this.#deliver(
        gone.map(({ row_key, hash }) => ({
          ...({ kind: 'deleted', key: row_key, hash: '', before: hash } as const),
          values: { [identifierColumn]: row_key },
        })),
      );
    }
  }

  async #deliver(changes: readonly RowChange[]): Promise<void> {
    const { run, config, lane, signal } = this.#task;
    const { rows, runs, http, clock, lease } = this.#deps;
    const cause = { subscription: config.subscription.id, startedAt: run.started_at };
    const events = changes.map((change) => rowEvent(change, cause));
    const holds = () => lease.holds();
    const results = await deliverChanges(lane, events, { http, clock, signal, holds });
    const taken = changes.filter((_, at) => results[at]?.kind !== 'failed');
    await rows.taken(config.subscription.id, taken);
    for (const [at, { kind }] of changes.entries()) this.#count(kind, results[at]);
    await runs.update(run.id, this.#counts);
    if (!lease.holds()) throw new TributaryError('lease_lost', 'Another node runs the syncs');
    signal.throwIfAborted();
    this.#refuseHopeless(results);
  }

  #count(kind: RowChange['kind'], result: ChangeResult | undefined): void {
    if (kind === 'new') this.#counts.added += 1;
    else if (kind === 'updated') this.#counts.updated += 1;
    else this.#counts.deleted += 1;
    if (result?.kind === 'delivered') this.#counts.delivered += 1;
    if (result?.kind === 'failed') this.#fail(result.message);
  }

  #fail(message: string): void {
    this.#counts.failed += 1;
    this.#firstFailure ??= message;
  }

  #refuseHopeless(results: readonly ChangeResult[]): void {
    const [first] = results;
    if (results.length < hopelessRows || first?.kind !== 'failed') return;
    if (!results.every((one) => one.kind === 'failed' && one.mayPass)) return;
    const text = `The destination took none of ${results.length} rows: ${first.message}`;
    throw new TributaryError('unavailable', text);
  }
}
