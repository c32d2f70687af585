import { systemClock } from '../../core/clock.ts';
import { TributaryError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { Config } from '../config/config.ts';
import { createIpcBus } from '../node/ipc-bus.ts';
import { createNodeContext } from '../node/node-context.ts';
import type { FromLoader, ToLoader } from './load-messages.ts';
import { Loader } from './loader.ts';

/** The body of the process of the loads: does what it is asked to until its parent is gone, or lets go of it. */
export function runLoader(): void {
  process.title = 'tributary load';
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
  let loader: Loader | undefined;
  const open = (config: Config) =>
    new Loader(
      createNodeContext(
        'load',
        config,
        createIpcBus(() => undefined),
      ),
    );
  process.on('disconnect', () => {
    // What hangs would keep it, and its files, for ever; a unit is whole or not there.
    systemClock.after(limits.warehouseStopMs, () => process.exit(0));
    void (loader?.close() ?? Promise.resolve()).finally(() => process.exit(0));
  });
  process.on('message', (message: ToLoader) => {
    if (message.kind === 'start') loader = open(message.config);
    else if (message.kind === 'end') loader?.end(message.id);
    else if (loader !== undefined) void answer(loader, message);
  });
}

type Job = Extract<ToLoader, { kind: 'sync' | 'query' | 'export' | 'delete' }>;

async function answer(loader: Loader, job: Job): Promise<void> {
  const { id } = job;
  try {
    if (job.kind === 'sync') {
      const onProgress = (rows: Readonly<Record<string, number>>) =>
        send({ kind: 'progress', id, rows });
      send({ kind: 'synced', id, result: await loader.sync(id, job.job, onProgress) });
    } else if (job.kind === 'export') {
      send({ kind: 'exported', id, rows: await loader.export(id, job.job) });
    } else if (job.kind === 'delete') {
      send({ kind: 'deleted', id, rows: await loader.deleteRows(job.job) });
    } else {
      const { warehouse, sql, options } = job;
      send({ kind: 'queried', id, result: await loader.query(warehouse, sql, options) });
    }
  } catch (error) {
    // A bug ends the process; the worker says so of the sync.
    if (!(error instanceof TributaryError)) throw error;
    const { code, message, field } = error;
    send({ kind: 'failed', id, code, message, ...(field !== undefined && { field }) });
  }
}

function send(message: FromLoader): void {
  if (process.connected) process.send?.(message, () => undefined);
}
