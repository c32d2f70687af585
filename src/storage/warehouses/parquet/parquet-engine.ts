import type { Clock } from '../../../core/clock.ts';
import type { WarehouseEngine } from '../../../core/warehouse-engine.ts';
import { orderColumn } from './lake-sql.ts';

/**
 * A data lake: Parquet files in a folder of the node, or in a bucket of S3 or of a service like it. DuckDB writes the files, in
 * memory of its own; its library is loaded with the first lake that is opened.
 */
export function parquetEngine(clock: Clock): WarehouseEngine {
  return {
    slug: 's3-parquet',
    dialect: {
      identifierBytes: 128,
      // The folders of a table are called `day=…`: tools make a column of that.
      reserved: new Set(['day', orderColumn]),
      reservedSchemas: new Set(['information_schema', 'main', 'pg_catalog', 'temp', 'system']),
      columns: 1_500,
      // Files that are written stay as they are.
      widens: {},
    },
    // Each load of a bucket is a few requests that somebody pays for, and files that have to be merged.
    syncEveryMs: ({ path }) => (path === undefined || path === '' ? 3_600_000 : 60_000),
    open: async (settings, options) => {
      const { openLake } = await import('./open-lake.ts');
      return openLake(settings, options, clock);
    },
    test: async (settings, { dataFolder }) => {
      const { testLake } = await import('./open-lake.ts');
      return testLake(settings, dataFolder, clock);
    },
  };
}
