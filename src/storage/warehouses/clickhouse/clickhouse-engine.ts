import type { WarehouseEngine } from '../../../core/warehouse-engine.ts';
import { postgresWords } from '../sql/postgres-words.ts';

/** ClickHouse, by its HTTP interface and its official client, which is loaded with the first warehouse that is opened. */
export const clickhouseEngine: WarehouseEngine = {
  slug: 'clickhouse',
  dialect: {
    // A table is a folder, and characters of its name may take three bytes there.
    identifierBytes: 63,
    reserved: new Set([...postgresWords, '_version']),
    reservedSchemas: new Set(['default', 'information_schema', 'system']),
    columns: 1_500,
    // A change of type writes the column again.
    widens: {},
    years: [1900, 2299],
  },
  syncEveryMs: () => 60_000,
  open: async (settings) => {
    const { openClickhouse } = await import('./open-clickhouse.ts');
    return openClickhouse(settings);
  },
  test: async (settings) => {
    const { testClickhouse } = await import('./open-clickhouse.ts');
    return testClickhouse(settings);
  },
};
