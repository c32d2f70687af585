import type { SourceConfig } from '../../core/snapshot.ts';
import type { StateStore } from '../../core/state.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import { insertId } from './staged-snapshot.ts';

/**
 * Ids of the sources whose events go by `staged`: those that have an insert function, and those that had one, since what
 * waited for it goes on from there when it is taken away. Of the latter the cursors tell, of any partition.
 */
export async function stagedSources(
  store: StateStore<WorkTables>,
  sources: readonly SourceConfig[],
): Promise<string[]> {
  const rows = await store.db
    .selectFrom('cursor')
    .select('lane')
    .distinct()
    .where('partition', '<', 0)
    .execute();
  const known = new Set(rows.map(({ lane }) => lane.slice(0, lane.indexOf('/'))));
  return sources
    .filter(({ id, insert }) => insert !== undefined || known.has(insertId(id)))
    .map(({ id }) => id);
}
