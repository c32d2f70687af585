import type { WarehouseEngine } from '../../../core/warehouse-engine.ts';
import { quotedCsv } from '../sql/encode-rows.ts';
import { postgresSchemas, postgresWords } from '../sql/postgres-words.ts';

/** DuckDB in a file of the node, for one process at a time. Its library is loaded with the first warehouse that is opened. */
export const duckdbEngine: WarehouseEngine = {
  slug: 'duckdb',
  dialect: {
    identifierBytes: 128,
    reserved: postgresWords,
    reservedSchemas: postgresSchemas,
    columns: 1_500,
    lines: quotedCsv,
    // A change of type writes the column again.
    widens: {},
  },
  syncEveryMs: () => 60_000,
  open: async (settings, options) => {
    const { openDuckdb } = await import('./open-duckdb.ts');
    return openDuckdb(settings, options);
  },
};
