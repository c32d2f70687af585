import type { Kysely } from 'kysely';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { Page, PageRequest } from '../paging/read-page.ts';
import { rowsPage } from '../paging/rows-page.ts';
import { tablePage } from '../paging/table-page.ts';
import { findSpace } from '../spaces/find-space.ts';
import type { AudienceRow } from './find-audience.ts';

export interface AudienceSearch {
  readonly type: 'DEFINITION' | 'KEY' | 'NAME';
  readonly query: string;
}

const columns = { DEFINITION: 'query', KEY: 'key', NAME: 'name' } as const;

/** A page of a space's audiences, oldest first, or of those that have the text somewhere, in whatever case. */
export async function audiencePage(
  db: Kysely<ControlTables>,
  request: PageRequest,
  spaceId: string,
  search?: AudienceSearch,
): Promise<Page<AudienceRow>> {
  const { id } = await findSpace(db, spaceId);
  const every = db.selectFrom('audience').selectAll().where('space_id', '=', id);
  if (search === undefined) return tablePage(request, every);
  const wanted = search.query.toLowerCase();
  // The engines differ in what they take for the same letter.
  const rows = (await every.orderBy('position').execute()).filter((row) =>
    row[columns[search.type]].toLowerCase().includes(wanted),
  );
  return rowsPage(request, rows);
}
