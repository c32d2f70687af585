import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { archivedLog } from '../../archive/archived-log.ts';
import { TributaryError } from '../../core/errors.ts';
import type { LogEngine, LogReader } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';
import type { Snapshot, WarehouseConfig } from '../../core/snapshot.ts';
import type { Suppressions } from '../../core/suppressions.ts';
import type {
  QueryOptions,
  QueryResult,
  Warehouse,
  WarehouseEngine,
} from '../../core/warehouse-engine.ts';
import type { RowDeletion } from '../../deletions/delete-from-warehouse.ts';
import { warehouseEngine } from '../../storage/warehouses/warehouse-engines.ts';
import { deleteRows } from '../../warehouses/deletion/delete-rows.ts';
import { exportRows } from '../../warehouses/loads/export-rows.ts';
import type { ExportJob } from '../../warehouses/loads/load-process.ts';
import type { SyncJob, SyncResult } from '../../warehouses/sync/sync-job.ts';
import { syncWarehouse } from '../../warehouses/sync/sync-warehouse.ts';
import { openLoadArchive } from '../compose/archive-partition.ts';
import { followSuppressions } from '../compose/follow-suppressions.ts';
import { openLogs } from '../compose/logs.ts';
import type { NodeContext } from '../node/node-context.ts';
import { endsInTime } from './ends-in-time.ts';

interface Opened {
  readonly warehouse: Promise<Warehouse>;
  users: number;
  /** Several warehouses of the configuration may be one database: its syncs wait for one another. */
  syncing: Promise<unknown>;
}

/** Opens warehouses, loads and queries them. What two jobs need at once they share: a file is opened by one process, once. */
export class Loader {
  readonly #context: NodeContext;
  readonly #opened = new Map<string, Opened>();
  readonly #ending = new Map<number, AbortController>();
  readonly #tempFolder: string;
  #logs:
    | Promise<{ readonly engine: LogEngine; readonly readers: readonly LogReader[] }>
    | undefined;
  #archive: ReturnType<typeof openLoadArchive> | undefined;
  #suppressions: (Suppressions & { close(): Promise<void> }) | undefined;
  #snapshot: Snapshot = emptySnapshot({});
  #closing: Promise<unknown>[] = [];

  constructor(context: NodeContext) {
    this.#context = context;
    this.#tempFolder = join(context.config.data, 'loading');
    // What a crash has left.
    rmSync(this.#tempFolder, { recursive: true, force: true });
  }

  async sync(
    id: number,
    job: SyncJob,
    onProgress: (rows: Readonly<Record<string, number>>) => void,
  ): Promise<SyncResult> {
    const ending = new AbortController();
    this.#ending.set(id, ending);
    const { clock, logger } = this.#context;
    const done = this.#with(job.warehouse, async (warehouse, { dialect }, opened) => {
      const suppressions = await this.#follow(job);
      const logs = await this.#readers();
      for (const reader of logs) reader.wake();
      const readers = job.backfill === undefined ? logs : await this.#withArchive(logs, job);
      const { signal } = ending;
      const parts = { job, warehouse, dialect, readers, suppressions, clock, logger, signal };
      return inTurn(opened, () => syncWarehouse({ ...parts, onProgress }));
    }).finally(() => this.#ending.delete(id));
    const { signal } = ending;
    const what = `The sync of a warehouse of the kind ${job.warehouse.slug}`;
    const onLate = () => this.#abandon(job.warehouse);
    const ms = limits.warehouseEndMs;
    return this.#kept(endsInTime(done, { signal, ms, clock, what, onLate }));
  }

  end(id: number): void {
    this.#ending.get(id)?.abort(new TributaryError('warehouse_failed', 'It was ended'));
  }

  query(warehouse: WarehouseConfig, sql: string, options: QueryOptions): Promise<QueryResult> {
    return this.#kept(this.#with(warehouse, (opened) => opened.query(sql, options)));
  }

  export(id: number, { warehouse, sql, ...job }: ExportJob): Promise<number> {
    const ending = new AbortController();
    this.#ending.set(id, ending);
    const { signal } = ending;
    const done = this.#with(warehouse, (opened) =>
      exportRows(opened.read(sql, { timeoutMs: job.timeoutMs, signal }), job),
    ).finally(() => this.#ending.delete(id));
    return this.#kept(done);
  }

  deleteRows({ warehouse: config, ...job }: RowDeletion): Promise<number> {
    const { settings } = config;
    return this.#kept(
      this.#with(config, (warehouse, { dialect }, opened) =>
        inTurn(opened, () => deleteRows({ warehouse, dialect, settings }, job)),
      ),
    );
  }

  /** Ends syncs after their units. */
  async close(): Promise<void> {
    for (const ending of this.#ending.values()) ending.abort();
    await Promise.allSettled(this.#closing);
    await this.#suppressions?.close();
    await (await this.#archive)?.close();
    const logs = await this.#logs;
    for (const reader of logs?.readers ?? []) await reader.close();
    await logs?.engine.close();
    rmSync(this.#tempFolder, { recursive: true, force: true });
  }

  async #with<T>(
    config: WarehouseConfig,
    use: (warehouse: Warehouse, engine: WarehouseEngine, opened: Opened) => Promise<T>,
  ): Promise<T> {
    const engine = warehouseEngine(config.slug);
    if (engine === undefined) {
      throw new TributaryError('warehouse_failed', `There is no engine for ${config.slug}`);
    }
    const key = keyOf(config);
    const opened = this.#opened.get(key) ?? {
      warehouse: this.#open(engine, config),
      users: 0,
      syncing: Promise.resolve(),
    };
    this.#opened.set(key, opened);
    opened.users += 1;
    try {
      return await use(await opened.warehouse, engine, opened);
    } finally {
      opened.users -= 1;
      if (opened.users === 0 && this.#opened.get(key) === opened) {
        this.#opened.delete(key);
        await (await settled(opened.warehouse))?.close();
      }
    }
  }

  /** What hangs is not waited for: the next job opens it anew. */
  #abandon(config: WarehouseConfig): void {
    const key = keyOf(config);
    const opened = this.#opened.get(key);
    this.#opened.delete(key);
    const closed = opened && settled(opened.warehouse).then((warehouse) => warehouse?.close());
    // It hangs: what it says of its end matters to nobody.
    closed?.catch(() => undefined);
  }

  #open(engine: WarehouseEngine, { id, settings }: WarehouseConfig): Promise<Warehouse> {
    const tempFolder = join(this.#tempFolder, id);
    mkdirSync(tempFolder, { recursive: true, mode: 0o700 });
    const { config, logger } = this.#context;
    return engine.open(settings, { dataFolder: config.data, tempFolder, logger });
  }

  async #readers(): Promise<readonly LogReader[]> {
    this.#logs ??= this.#openLogs();
    return (await this.#logs).readers;
  }

  async #openLogs() {
    const engine = await openLogs(this.#context);
    const partitions = Array.from({ length: engine.partitions }, (_, partition) => partition);
    const readers = await Promise.all(
      partitions.map((partition) => engine.openReader('events', partition)),
    );
    return { engine, readers };
  }

  /** A back-fill goes on into the archive, behind the log. */
  async #withArchive(logs: readonly LogReader[], job: SyncJob): Promise<readonly LogReader[]> {
    const { config } = this.#context;
    if (config.archive === undefined) return logs;
    this.#archive ??= openLoadArchive(config.archive, this.#context);
    const { readerOf } = await this.#archive;
    const sources = job.warehouse.sources.map(({ sourceId }) => sourceId);
    return logs.map((log, partition) => archivedLog(log, readerOf(partition), sources));
  }

  async #follow(job: LeftOut): Promise<Suppressions> {
    this.#snapshot = emptySnapshot(job);
    const current = () => this.#snapshot;
    this.#suppressions ??= await followSuppressions({
      context: this.#context,
      snapshot: {
        get current() {
          return current();
        },
        subscribe: () => () => undefined,
      },
    });
    return this.#suppressions;
  }

  #kept<T>(job: Promise<T>): Promise<T> {
    this.#closing = [...this.#closing, job];
    const forget = () => {
      this.#closing = this.#closing.filter((one) => one !== job);
    };
    job.then(forget, forget);
    return job;
  }
}

function keyOf({ slug, settings }: WarehouseConfig): string {
  return JSON.stringify([slug, settings]);
}

function inTurn<T>(opened: Opened, work: () => Promise<T>): Promise<T> {
  const turn = opened.syncing.then(work);
  // A failure is of the sync whose turn it was.
  opened.syncing = turn.catch(() => undefined);
  return turn;
}

/** Undefined: it could not be opened, which its users know. */
async function settled(warehouse: Promise<Warehouse>): Promise<Warehouse | undefined> {
  try {
    return await warehouse;
  } catch {
    return undefined;
  }
}

/** What a loader holds of the configuration: the rest it is told with each job. */
function emptySnapshot({ suppressions, deletions, newestDeletion }: LeftOut): Snapshot {
  return {
    version: 0,
    workspace: { id: '', slug: '', name: '' },
    sources: [],
    connections: [],
    replays: [],
    ...(suppressions !== undefined && { suppressions }),
    ...(deletions !== undefined && { deletions }),
    ...(newestDeletion !== undefined && { newestDeletion }),
  };
}

/** Of whom nothing is loaded. */
type LeftOut = Pick<SyncJob, 'suppressions' | 'deletions' | 'newestDeletion'>;
