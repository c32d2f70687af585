import { type Page, type PageRequest, readPage } from './read-page.ts';

/** A page of rows that are wholly in memory, in order of their position. */
export function rowsPage<Row extends { readonly position: number }>(
  request: PageRequest,
  rows: readonly Row[],
): Promise<Page<Row>> {
  const at = ({ position }: Row) => Number(position);
  return readPage(request, {
    after: async (position, count) => rows.filter((row) => at(row) > position).slice(0, count),
    before: async (position, count) =>
      rows
        .filter((row) => at(row) < position)
        .slice(-count)
        .reverse(),
    total: async () => ({ total: rows.length }),
  });
}
