import type { WarehouseEngine } from '../../../core/warehouse-engine.ts';
import { copyText } from '../sql/encode-rows.ts';
import { postgresSchemas, postgresWords } from '../sql/postgres-words.ts';

/** PostgreSQL. Its driver is loaded with the first warehouse that is opened. */
export const postgresEngine: WarehouseEngine = {
  slug: 'postgres',
  dialect: {
    identifierBytes: 63,
    reserved: postgresWords,
    reservedSchemas: postgresSchemas,
    columns: 1_500,
    lines: copyText,
    // A page has 8,160; its header, and a bit for each column, are off.
    rowBytes: 7_800,
    // A change of type writes the table again.
    widens: {},
  },
  syncEveryMs: () => 60_000,
  open: async (settings) => {
    const { openPostgresWarehouse } = await import('./open-postgres-warehouse.ts');
    return openPostgresWarehouse(settings);
  },
};
