import { TributaryError } from '../../../core/errors.ts';
import type { QueryPage } from '../../../core/warehouse-engine.ts';
import { readsOnly } from './reads-only.ts';
import type { SqlDriver } from './sql-driver.ts';

/**
 * Runs one statement by an interface that answers in pages, and gives them as they come. Rejects with `warehouse_failed` and
 * the words of the far end, or with the reason of the signal.
 */
export type Pages = (
  sql: string,
  timeoutMs: number,
  signal?: AbortSignal,
) => AsyncIterable<QueryPage>;

const runMs = 600_000;

/** The driver of an interface that has no connection: each statement stands alone. */
export function pagedDriver(pages: Pages): SqlDriver {
  return {
    async run(sql) {
      const rows: (readonly unknown[])[] = [];
      for await (const page of pages(sql, runMs)) rows.push(...page.rows);
      return rows;
    },

    async *read(sql, { timeoutMs, signal }) {
      if (!readsOnly(sql)) {
        const text = 'Only a statement that reads is run here';
        throw new TributaryError('input_validation', text, { field: 'sql' });
      }
      try {
        yield* pages(sql, timeoutMs, signal);
      } catch (cause) {
        signal?.throwIfAborted();
        if (!(cause instanceof TributaryError)) throw cause;
        throw new TributaryError('input_validation', cause.message, { field: 'sql', cause });
      }
    },

    async close() {},
  };
}
