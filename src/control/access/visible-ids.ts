import type { Kysely } from 'kysely';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { Area, Level } from './area.ts';
import { grantedResources, type ResourceType } from './grant.ts';
import type { Principal } from './principal.ts';

/**
 * The ids that a list may show, or with `admin` those that may be changed: undefined is all of them. A list of what belongs to a source asks for the
 * ids of sources.
 */
export async function visibleIds(
  db: Kysely<ControlTables>,
  principal: Principal,
  area: Area,
  type: ResourceType,
  level: Level = 'read',
): Promise<readonly string[] | undefined> {
  if (principal.grants === undefined) return undefined;
  const ids = new Set<string>();
  for (const granted of grantedResources(principal.grants, area, level)) {
    if (granted.type === 'WORKSPACE' && granted.labels === undefined) return undefined;
    if (granted.type === type) ids.add(granted.id);
    if (granted.type !== 'WORKSPACE' || type !== 'SOURCE') continue;
    for (const { key, value } of granted.labels ?? []) {
      const rows = await db
        .selectFrom('source_label')
        .select('source_id')
        .where('key', '=', key)
        .where('value', '=', value)
        .execute();
      for (const row of rows) ids.add(row.source_id);
    }
  }
  return [...ids];
}
