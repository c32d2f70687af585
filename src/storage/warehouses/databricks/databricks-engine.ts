import type { JsonObject } from '../../../core/json.ts';
import type { WarehouseEngine } from '../../../core/warehouse-engine.ts';
import { postgresWords } from '../sql/postgres-words.ts';

/** A SQL warehouse of Databricks, by its Statement Execution API: see docs/decisions/warehouse-clients.md. */
export function databricksEngine(origin: (settings: JsonObject) => string): WarehouseEngine {
  return {
    slug: 'databricks',
    dialect: {
      identifierBytes: 255,
      reserved: new Set([...postgresWords, 'anti', 'except', 'minus', 'semi']),
      reservedSchemas: new Set(['default', 'information_schema']),
      columns: 1_500,
      widens: {},
    },
    syncEveryMs: () => 3_600_000,
    open: async (settings) => {
      const { openDatabricks } = await import('./open-databricks.ts');
      return openDatabricks(settings, origin(settings));
    },
    test: async (settings) => {
      const { testDatabricks } = await import('./open-databricks.ts');
      return testDatabricks(settings, origin(settings));
    },
  };
}

export const databricks = databricksEngine(({ host }) => `https://${String(host ?? '')}`);
