import { type Page, type PageRequest, readPage } from './read-page.ts';

/** A page of a list that is wholly in memory and only grows with a new version, such as the catalogue. */
export async function listPage<Item>(
  request: PageRequest,
  items: readonly Item[],
): Promise<Page<{ readonly position: number; readonly item: Item }>> {
  const rows = items.map((item, index) => ({ position: index + 1, item }));
  return readPage(request, {
    after: async (position, count) => rows.slice(position, position + count),
    before: async (position, count) =>
      rows.slice(Math.max(0, position - 1 - count), Math.max(0, position - 1)).reverse(),
    total: async () => ({ total: rows.length }),
  });
}
