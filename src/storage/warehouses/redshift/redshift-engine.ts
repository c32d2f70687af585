import type { WarehouseEngine } from '../../../core/warehouse-engine.ts';
import { postgresSchemas, postgresWords } from '../sql/postgres-words.ts';

/** Amazon Redshift, by PostgreSQL's protocol and driver, which is loaded with the first warehouse that is opened. */
export const redshiftEngine: WarehouseEngine = {
  slug: 'redshift',
  dialect: {
    identifierBytes: 127,
    reserved: new Set([...postgresWords, 'delta', 'lzo', 'offline', 'oid', 'open', 'tag', 'top']),
    reservedSchemas: postgresSchemas,
    columns: 1_500,
    widens: {},
  },
  syncEveryMs: () => 3_600_000,
  open: async (settings) => {
    const { openRedshift } = await import('./open-redshift.ts');
    return openRedshift(settings);
  },
  test: async (settings) => {
    const { testRedshift } = await import('./open-redshift.ts');
    return testRedshift(settings);
  },
};
