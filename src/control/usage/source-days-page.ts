import { listPage } from '../paging/list-page.ts';
import type { PageRequest, Pagination } from '../paging/read-page.ts';

/** A page of one entry for each source and day, by source; only the sources of the page are looked up. */
export async function sourceDaysPage<Entry extends { readonly day: number }>(
  request: PageRequest,
  sources: readonly string[],
  days: readonly number[],
  lookUp: (source: string) => Promise<readonly Entry[]>,
): Promise<{
  readonly entries: readonly (Entry & { readonly source: string })[];
  readonly pagination: Pagination;
}> {
  const all = sources.flatMap((source) => days.map((day) => ({ source, day })));
  const { rows, pagination } = await listPage(request, all);
  const found = new Map<string, readonly Entry[]>();
  const entries: (Entry & { readonly source: string })[] = [];
  for (const { item } of rows) {
    const { source, day } = item;
    const ofSource = found.get(source) ?? (await lookUp(source));
    found.set(source, ofSource);
    const entry = ofSource.find((one) => one.day === day);
    if (entry !== undefined) entries.push({ ...entry, source });
  }
  return { entries, pagination };
}
