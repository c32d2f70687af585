import type { JsonObject } from '../../../core/json.ts';
import type { WarehouseEngine } from '../../../core/warehouse-engine.ts';
import { postgresWords } from '../sql/postgres-words.ts';

/** Where the account answers. */
function originOf(settings: JsonObject): string {
  return `https://${String(settings['account'] ?? '').toLowerCase()}.snowflakecomputing.com`;
}

/** Snowflake, by its SQL API: see docs/decisions/warehouse-clients.md. */
export function snowflakeEngine(origin: (settings: JsonObject) => string): WarehouseEngine {
  return {
    slug: 'snowflake',
    dialect: {
      identifierBytes: 255,
      reserved: new Set([
        ...postgresWords,
        ...['account', 'connect', 'connection', 'current', 'database', 'delete', 'drop', 'exists'],
        ...['gscluster', 'increment', 'insert', 'issue', 'minus', 'of', 'organization', 'regexp'],
        ...['revoke', 'rlike', 'row', 'rows', 'sample', 'schema', 'set', 'start', 'tablesample'],
        ...['trigger', 'update', 'values', 'view', 'whenever'],
      ]),
      reservedSchemas: new Set(['information_schema', 'public']),
      columns: 1_500,
      widens: {},
    },
    syncEveryMs: () => 3_600_000,
    open: async (settings) => {
      const { openSnowflake } = await import('./open-snowflake.ts');
      return openSnowflake(settings, origin(settings));
    },
    test: async (settings) => {
      const { testSnowflake } = await import('./open-snowflake.ts');
      return testSnowflake(settings, origin(settings));
    },
  };
}

export const snowflake = snowflakeEngine(originOf);
