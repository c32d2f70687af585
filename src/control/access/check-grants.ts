import type { Kysely } from 'kysely';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { InputFailure, type InputProblem } from '../input-failure.ts';
import { findLabel } from '../labels/find-label.ts';
import type { Grant, GrantedResource } from './grant.ts';
import { findRole } from './roles.ts';

/**
 * Refuses grants of a role that there is not, or on a resource that there is not, each with its field:
 * `permissions.0.resources.1.id`.
 */
export async function checkGrants(
  db: Kysely<ControlTables>,
  grants: readonly Grant[],
  field = 'permissions',
): Promise<void> {
  const problems: InputProblem[] = [];
  const refuse = (place: string, text: string) =>
    problems.push({ field: place, message: `"${place}" ${text}` });
  for (const [index, { roleId, resources }] of grants.entries()) {
    const place = `${field}.${index}`;
    if (findRole(roleId) === undefined) refuse(`${place}.roleId`, 'is not a role');
    if (resources.length === 0) refuse(`${place}.resources`, 'must contain at least 1 items');
    for (const [number, resource] of resources.entries()) {
      const at = `${place}.resources.${number}`;
      if (resource.labels !== undefined && resource.type !== 'WORKSPACE') {
        refuse(`${at}.labels`, 'is only allowed on a WORKSPACE');
      } else
        for (const label of resource.labels ?? []) {
          const { key, value } = label;
          if ((await findLabel(db, label)) !== undefined) continue;
          refuse(`${at}.labels`, `names ${key}:${value}, no label of the workspace`);
        }
      if (!(await isThere(db, resource))) refuse(`${at}.id`, 'is not a resource of this type');
    }
  }
  if (problems.length > 0) throw new InputFailure(problems);
}

const tables = {
  WORKSPACE: 'workspace',
  SOURCE: 'source',
  SPACE: 'space',
  WAREHOUSE: 'warehouse',
  FUNCTION: 'user_function',
} as const;

async function isThere(db: Kysely<ControlTables>, { type, id }: GrantedResource): Promise<boolean> {
  const query = db.selectFrom(tables[type]).select('id').where('id', '=', id);
  return (await query.executeTakeFirst()) !== undefined;
}
