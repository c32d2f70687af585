import { randomBytes } from 'node:crypto';
import type { LogEngine, LogName } from '../../core/event-log.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import type { SnapshotHolder } from '../../core/snapshot.ts';
import type { StateStore } from '../../core/state.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import type { QueryOptions } from '../../core/warehouse-engine.ts';
import { warehouseEngine } from '../../storage/warehouses/warehouse-engines.ts';
import { type Loads, startLoads } from '../../warehouses/loads/start-loads.ts';
import { untilProcessed } from '../../warehouses/loads/until-processed.ts';
import { createLoaderProcess, type LoaderProcess } from '../load/loader-process.ts';
import { answerQueries } from '../load/warehouse-questions.ts';
import { busyLoop } from '../node/busy-loop.ts';
import type { NodeContext } from '../node/node-context.ts';
import { insertId, stagedPartition } from '../stage/staged-snapshot.ts';
import { stagedSources } from '../stage/staged-sources.ts';

export interface NodeLoadsOptions {
  readonly context: NodeContext;
  readonly engine: LogEngine;
  readonly store: StateStore<WorkTables>;
  /** Secrets opened. */
  readonly snapshot: SnapshotHolder;
}

export type NodeLoads = Loads & Pick<LoaderProcess, 'deleteRows'>;

/** The role `load`: this node's share of the warehouses, and the queries of its control process. */
export function startNodeLoads({ context, engine, store, snapshot }: NodeLoadsOptions): NodeLoads {
  const { config, bus, clock, logger } = context;
  const partitions = Array.from({ length: engine.partitions }, (_, partition) => partition);
  const loader = createLoaderProcess(config, clock);
  const loads = startLoads({
    snapshot,
    store,
    openReaders: () =>
      Promise.all(partitions.map((partition) => engine.openReader('events', partition))),
    untilProcessed: async (signal) => {
      const sources = await stagedSources(store, snapshot.current.sources);
      const open = (log: LogName) =>
        Promise.all(partitions.map((partition) => engine.openReader(log, partition)));
      const [accepted, events] = await Promise.all([open('accepted'), open('events')]);
      const staged = sources.length === 0 ? [] : await open('staged');
      try {
        const stagedCursor = (partition: number, source: string) =>
          insertCursor(store, partition, source);
        const logs = { accepted, events, staged };
        return await untilProcessed({
          ...logs,
          stagedSources: sources,
          stagedCursor,
          clock,
          signal,
        });
      } finally {
        for (const reader of [...accepted, ...events, ...staged]) await reader.close();
      }
    },
    process: loader,
    isBusy: busyLoop(),
    everyMs: ({ slug, settings }) => warehouseEngine(slug)?.syncEveryMs(settings),
    clock,
    logger,
    newId: () => randomBytes(12).toString('hex'),
  });
  const unsubscribe = answerQueries(bus, async (question) => {
    const { warehouse, sql, options } = readQuestion(question);
    return { ...(await loads.query(warehouse, sql, options)) };
  });
  return {
    ...loads,
    deleteRows: loader.deleteRows,
    stop: async () => {
      unsubscribe();
      await loads.stop();
    },
  };
}

/** Where the insert function of a source stands: see `openStage`. */
async function insertCursor(
  store: StateStore<WorkTables>,
  partition: number,
  source: string,
): Promise<number | undefined> {
  const row = await store.db
    .selectFrom('cursor')
    .select('position')
    .where('partition', '=', stagedPartition(partition))
    .where('lane', 'like', `${insertId(source)}/%`)
    .executeTakeFirst();
  return row && Number(row.position);
}

function readQuestion(question: Json) {
  const given = isJsonObject(question) ? question : {};
  const number = (name: string, otherwise: number) => {
    const value = given[name];
    return typeof value === 'number' ? value : otherwise;
  };
  const options: QueryOptions = {
    rows: number('rows', limits.warehouseQueryRows),
    offset: number('offset', 0),
    timeoutMs: number('timeoutMs', limits.warehouseQueryMs),
  };
  return { warehouse: String(given['warehouse']), sql: String(given['sql']), options };
}
