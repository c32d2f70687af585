import type { Kysely } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { Area, Level } from './area.ts';
import { type GrantedResource, grantedResources, type ResourceType } from './grant.ts';
import type { Principal } from './principal.ts';

/** One resource that a role can be limited to, and the area that speaks of it. */
export interface Target {
  readonly area: Area;
  /** Absent: the area as a whole, in the workspace. */
  readonly resource?: { readonly type: ResourceType; readonly id: string };
  /** Also to read it needs a role on all of it: the answer is not cut to what the roles show. */
  readonly whole?: true;
}

/**
 * Rejects with `forbidden` unless the roles allow it. An area as a whole may be read by whoever may read
 * anything in it, and is the list's business then; it is changed only with a role on the workspace.
 */
export async function requireAccess(
  db: Kysely<ControlTables>,
  principal: Principal,
  level: Level,
  target: Target,
): Promise<void> {
  if (await mayAccess(db, principal, level, target)) return;
  const text = `The roles of the access token do not include "${target.area}: ${level}" here`;
  throw new TributaryError('forbidden', text);
}

/** Whether the roles allow it, as `requireAccess` has it. */
export async function mayAccess(
  db: Kysely<ControlTables>,
  principal: Principal,
  level: Level,
  target: Target,
): Promise<boolean> {
  if (principal.grants === undefined) return true;
  for (const resource of grantedResources(principal.grants, target.area, level)) {
    if (await covers(db, resource, target, level)) return true;
  }
  return false;
}

async function covers(
  db: Kysely<ControlTables>,
  granted: GrantedResource,
  { resource, whole }: Target,
  level: Level,
): Promise<boolean> {
  if (granted.type === 'WORKSPACE' && granted.labels === undefined) return true;
  if (resource === undefined) return level === 'read' && whole !== true;
  if (granted.type === resource.type) return granted.id === resource.id;
  if (granted.type !== 'WORKSPACE' || resource.type !== 'SOURCE') return false;
  return hasLabel(db, resource.id, granted.labels ?? []);
}

async function hasLabel(
  db: Kysely<ControlTables>,
  sourceId: string,
  labels: readonly { readonly key: string; readonly value: string }[],
): Promise<boolean> {
  const row = await db
    .selectFrom('source_label')
    .select('source_id')
    .where('source_id', '=', sourceId)
    .where((label) =>
      label.or(
        labels.map(({ key, value }) =>
          label.and([label('key', '=', key), label('value', '=', value)]),
        ),
      ),
    )
    .executeTakeFirst();
  return row !== undefined;
}
