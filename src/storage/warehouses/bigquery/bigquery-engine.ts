import type { BigQueryOptions } from '@google-cloud/bigquery';
import type { WarehouseEngine } from '../../../core/warehouse-engine.ts';
import { postgresWords } from '../sql/postgres-words.ts';

/** BigQuery, by its official client, which is loaded with the first warehouse that is opened. `options`: for tests. */
export function bigqueryEngine(options: BigQueryOptions = {}): WarehouseEngine {
  return {
    slug: 'bigquery',
    dialect: {
      identifierBytes: 255,
      reserved: new Set([
        ...postgresWords,
        ...[
          'assert_rows_modified',
          'by',
          'contains',
          'cube',
          'define',
          'enum',
          'escape',
          'exclude',
        ],
        ...[
          'extract',
          'following',
          'groups',
          'hash',
          'if',
          'ignore',
          'interval',
          'lookup',
          'merge',
        ],
        ...['new', 'no', 'nulls', 'of', 'over', 'partition', 'preceding', 'proto', 'range'],
        ...[
          'recursive',
          'respect',
          'rollup',
          'rows',
          'set',
          'treat',
          'unbounded',
          'unnest',
          'within',
        ],
      ]),
      reservedSchemas: new Set(['information_schema']),
      columns: 1_500,
      // A change of the schema alone.
      widens: { integer: ['float'] },
      hasLoadedAt: true,
    },
    syncEveryMs: () => 3_600_000,
    open: async (settings) => {
      const { openBigquery } = await import('./open-bigquery.ts');
      return openBigquery(settings, options);
    },
    test: async (settings) => {
      const { testBigquery } = await import('./open-bigquery.ts');
      return testBigquery(settings, options);
    },
  };
}
