import { createReadStream, mkdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import type { WarehouseQuery } from '../../core/warehouse-query.ts';
import type { Loads } from '../../warehouses/loads/start-loads.ts';
import {
  type ReverseEtl,
  type ReverseEtlDeps,
  startReverseEtl,
} from '../../warehouses/reverse-etl/start-reverse-etl.ts';
import type { NodeContext } from '../node/node-context.ts';

export interface NodeReverseEtlOptions
  extends Pick<ReverseEtlDeps, 'snapshot' | 'store' | 'definitions' | 'http'> {
  readonly context: NodeContext;
  readonly loads: Pick<Loads, 'export'>;
  randomHex(bytes: number): string;
}

/** Reverse ETL on a node that loads and delivers: the queries run where the warehouses are open. */
export function startNodeReverseEtl(options: NodeReverseEtlOptions): ReverseEtl {
  const { context, loads, randomHex, ...deps } = options;
  const { config, clock, logger } = context;
  const folder = join(config.data, 'reverse-etl');
  // What a crash has left.
  rmSync(folder, { recursive: true, force: true });
  const query = queryByFile(folder, loads, () => randomHex(8));
  return startReverseEtl({ ...deps, query, clock, logger, newId: () => randomHex(12) });
}

/**
 * The rows of a query go to a file first: the warehouse is done with it, and free for the next load, before the first row is
 * delivered, however slow the destination is.
 */
function queryByFile(
  folder: string,
  loads: Pick<Loads, 'export'>,
  newName: () => string,
): WarehouseQuery {
  return async function* query(warehouse, sql, { pageRows, signal }) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, `${newName()}.ndjson`);
    const { reverseEtlQueryMs: timeoutMs, reverseEtlBytes: mostBytes } = limits;
    try {
      await loads.export({ warehouse, sql, file, timeoutMs, mostBytes }, signal);
      let page: JsonObject[] = [];
      for await (const line of createInterface({ input: createReadStream(file) })) {
        page.push(JSON.parse(line));
        if (page.length < pageRows) continue;
        yield page;
        page = [];
      }
      if (page.length > 0) yield page;
    } finally {
      await rm(file, { force: true });
    }
  };
}
