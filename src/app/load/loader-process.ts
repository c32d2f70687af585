import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../core/clock.ts';
import { TributaryError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { QueryResult } from '../../core/warehouse-engine.ts';
import type { RowDeletion } from '../../deletions/delete-from-warehouse.ts';
import type { LoadProcess } from '../../warehouses/loads/load-process.ts';
import type { SyncResult } from '../../warehouses/sync/sync-job.ts';
import { type Config, processEnvironment } from '../config/config.ts';
import type { FromLoader, ToLoader } from './load-messages.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
/** With V8's own bounds most of the memory would be garbage not yet collected. */
export const loaderFlags: readonly string[] = [
  '--max-semi-space-size=4',
  '--heap-growing-percent=20',
  '--optimize-for-size',
];
/** Allocators keep freed memory for a while: glibc a pool for each thread, DuckDB's jemalloc pages that it once used. */
export const loaderEnvironment = {
  MALLOC_ARENA_MAX: '1',
  DUCKDB_JE_MALLOC_CONF: 'dirty_decay_ms:0,muzzy_decay_ms:0,narenas:1',
} as const;

interface Pending {
  progress(rows: Readonly<Record<string, number>>): void;
  synced(result: SyncResult): void;
  queried(result: QueryResult): void;
  exported(rows: number): void;
  deleted(rows: number): void;
  failed(error: TributaryError): void;
}

export interface LoaderProcess extends LoadProcess {
  /**
   * Deletes rows of end users, behind the sync at hand; resolves with their number. Rejects with `warehouse_failed`, at once when the
   * signal comes: what was begun goes on.
   */
  deleteRows(job: RowDeletion, signal: AbortSignal): Promise<number>;
}

/** The process of the loads: started with the first job, ended when it had none for a while. */
export function createLoaderProcess(config: Config, clock: Clock): LoaderProcess {
  const pending = new Map<number, Pending>();
  let child: ChildProcess | undefined;
  let gone: Promise<void> = Promise.resolve();
  let lastId = 0;
  let cancelIdle: (() => void) | undefined;

  const send = (message: ToLoader) => {
    if (child?.connected) child.send(message, () => undefined);
  };

  const start = () => {
    const started = fork(main, ['load'], {
      execArgv: [...loaderFlags],
      env: { ...processEnvironment(), ...loaderEnvironment },
      serialization: 'json',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child = started;
    started.on('message', (message: FromLoader) => settle(message));
    const { promise, resolve } = Promise.withResolvers<void>();
    gone = promise;
    started.once('exit', (code, signal) => {
      if (child === started) child = undefined;
      resolve();
      const reason = signal === null ? `exit code ${code}` : `signal ${signal}`;
      const error = new TributaryError(
        'warehouse_failed',
        `The process that loads warehouses ended (${reason}); what was committed stays`,
      );
      const interrupted = [...pending.values()];
      pending.clear();
      for (const one of interrupted) one.failed(error);
    });
    send({ kind: 'start', config });
  };

  const settle = (message: FromLoader): void => {
    const one = pending.get(message.id);
    if (message.kind === 'progress') {
      one?.progress(message.rows);
      return;
    }
    pending.delete(message.id);
    if (message.kind === 'synced') one?.synced(message.result);
    else if (message.kind === 'queried') one?.queried(message.result);
    else if (message.kind === 'exported') one?.exported(message.rows);
    else if (message.kind === 'deleted') one?.deleted(message.rows);
    else {
      const { code, message: words, field } = message;
      one?.failed(new TributaryError(code, words, field === undefined ? {} : { field }));
    }
    if (pending.size === 0) cancelIdle = clock.after(limits.warehouseIdleMs, end);
  };

  /** It ends by itself once nobody is at the other end. */
  const end = () => {
    const ending = child;
    child = undefined;
    if (ending?.connected) ending.disconnect();
  };

  const begin = async (): Promise<number> => {
    cancelIdle?.();
    // One that is just ending still has its files open.
    if (child === undefined) await gone;
    if (child === undefined) start();
    lastId += 1;
    return lastId;
  };

  const nothing = () => undefined;
  const unexpected = {
    ...{ progress: nothing, synced: nothing, queried: nothing },
    ...{ exported: nothing, deleted: nothing },
  };
  /** Says so to the process when the signal aborts. */
  const endWith = <T>(signal: AbortSignal, id: number, done: Promise<T>): Promise<T> => {
    const onAbort = () => send({ kind: 'end', id });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    return done.finally(() => signal.removeEventListener('abort', onAbort));
  };
  return {
    sync: async (job, signal, onProgress) => {
      const id = await begin();
      const { promise, resolve, reject } = Promise.withResolvers<SyncResult>();
      pending.set(id, {
        ...{ ...unexpected, progress: onProgress },
        ...{ synced: resolve, failed: reject },
      });
      send({ kind: 'sync', id, job });
      return endWith(signal, id, promise);
    },
    query: async (warehouse, sql, options) => {
      const id = await begin();
      const { promise, resolve, reject } = Promise.withResolvers<QueryResult>();
      pending.set(id, { ...unexpected, queried: resolve, failed: reject });
      send({ kind: 'query', id, warehouse, sql, options });
      return promise;
    },
    export: async (job, signal) => {
      const id = await begin();
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      pending.set(id, { ...unexpected, exported: resolve, failed: reject });
      send({ kind: 'export', id, job });
      const rows = await endWith(signal, id, promise);
      signal.throwIfAborted();
      return rows;
    },
    deleteRows: async (job, signal) => {
      const id = await begin();
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      const onAbort = () =>
        reject(new TributaryError('warehouse_failed', 'The warehouse did not end in time'));
      pending.set(id, { ...unexpected, deleted: resolve, failed: reject });
      send({ kind: 'delete', id, job });
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
      return promise.finally(() => signal.removeEventListener('abort', onAbort));
    },
    stop: async () => {
      cancelIdle?.();
      end();
      await gone;
    },
  };
}
