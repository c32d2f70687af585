import type { QueryOptions, QueryPage, QueryResult } from '../../../core/warehouse-engine.ts';

/** Of the rows that come, those that are asked for; nothing is read behind them. */
export async function takeRows(
  pages: AsyncIterable<QueryPage>,
  { rows: most, offset }: Pick<QueryOptions, 'rows' | 'offset'>,
): Promise<QueryResult> {
  let columns: QueryPage['columns'] = [];
  const found: QueryPage['rows'][number][] = [];
  let passed = 0;
  for await (const page of pages) {
    columns = page.columns;
    for (const row of page.rows) {
      passed += 1;
      if (passed <= offset) continue;
      if (found.length === most) return { columns, rows: found, more: true };
      found.push(row);
    }
  }
  return { columns, rows: found, more: false };
}
