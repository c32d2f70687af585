import type { Kysely } from 'kysely';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { Page, PageRequest } from '../paging/read-page.ts';
import { tablePage } from '../paging/table-page.ts';
import type { RegulationRow } from './find-regulation.ts';

export interface RegulationFilter {
  /** Undefined: those of the whole workspace. */
  readonly sourceId?: string;
  readonly status?: string;
  readonly types?: readonly string[];
}

/** A page of regulations, oldest first. */
export function regulationPage(
  db: Kysely<ControlTables>,
  request: PageRequest,
  { sourceId, status, types = [] }: RegulationFilter,
): Promise<Page<RegulationRow>> {
  const every = db.selectFrom('regulation').selectAll();
  let rows =
    sourceId === undefined
      ? every.where('scope', '=', 'WORKSPACE')
      : every.where('source_id', '=', sourceId);
  if (status !== undefined) rows = rows.where('status', '=', status);
  if (types.length > 0) rows = rows.where('regulation_type', 'in', types);
  return tablePage(request, rows);
}
