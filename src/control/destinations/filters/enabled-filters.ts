import type { Kysely } from 'kysely';
import type { FilterConfig } from '../../../core/filters/filter-config.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';

/** By destination, in order. */
export type EnabledFilters = ReadonlyMap<string, readonly FilterConfig[]>;

/** The filters that are on. */
export async function enabledFilters(db: Kysely<ControlTables>): Promise<EnabledFilters> {
  const rows = await db
    .selectFrom('destination_filter')
    .select(['destination_id', 'condition', 'actions'])
    .where('enabled', '=', 1)
    .orderBy('position')
    .execute();
  const byDestination = new Map<string, FilterConfig[]>();
  for (const row of rows) {
    const filters = byDestination.get(row.destination_id) ?? [];
    filters.push({ if: row.condition, actions: JSON.parse(row.actions) });
    byDestination.set(row.destination_id, filters);
  }
  return byDestination;
}
