import type { Kysely } from 'kysely';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import type { GrantedResource } from '../../access/grant.ts';
import { findRole, type Role } from '../../access/roles.ts';
import type { ReadContext } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { InputFailure } from '../../input-failure.ts';
import { isWorkspace, workspaceName } from '../frame/resource-name.ts';

type Db = Kysely<ControlTables>;
type Context = Pick<ReadContext, 'db' | 'environment'>;

/** The collections in which the names of resources of a type are; sources and spaces go by their slugs. */
const collections = {
  sources: 'SOURCE',
  spaces: 'SPACE',
  warehouses: 'WAREHOUSE',
  functions: 'FUNCTION',
} as const;

export function roleName(environment: Environment, id: string): string {
  return `${workspaceName(environment)}/roles/${id}`;
}

/** The role that a body names, by its full name or its id. Throws `input_validation`. */
export function roleOf(environment: Environment, field: string, given: string): Role {
  const role = findRole(partIn(environment, given, 'roles') ?? given);
  if (role === undefined) throw bad(field, 'is not a role');
  return role;
}

/** What follows `workspaces/x/<collection>/` in a name; undefined when that is not what it is. */
function partIn(environment: Environment, name: string, collection: string): string | undefined {
  const [workspaces, workspace = '', found, ...rest] = name.split('/');
  if (workspaces !== 'workspaces' || !isWorkspace(environment, workspace)) return undefined;
  return found === collection && rest.length > 0 ? rest.join('/') : undefined;
}

/** The name of what a role is given on; that of one that is gone has its id. */
export async function grantedName(
  { db, environment }: Context,
  { type, id }: GrantedResource,
): Promise<string> {
  const workspace = workspaceName(environment);
  for (const [collection, known] of Object.entries(collections)) {
    if (known !== type) continue;
    const table = type === 'SOURCE' ? 'source' : type === 'SPACE' ? 'space' : undefined;
    const slug = table && (await slugOf(db, table, id));
    return `${workspace}/${collection}/${slug ?? id}`;
  }
  return workspace;
}

async function slugOf(db: Db, table: 'source' | 'space', id: string): Promise<string | undefined> {
  const query = db.selectFrom(table).select('slug').where('id', '=', id);
  return (await query.executeTakeFirst())?.slug;
}

/** What a name stands for, as grants have it. Throws `input_validation`. */
export async function grantedResource(
  { db, environment }: Context,
  field: string,
  given: string,
): Promise<GrantedResource> {
  const name = given.replace(/\/$/, '');
  if (isWorkspace(environment, name.replace(/^workspaces\//, ''))) {
    return { type: 'WORKSPACE', id: environment.workspace.id };
  }
  for (const [collection, type] of Object.entries(collections)) {
    const part = partIn(environment, name, collection);
    if (part === undefined) continue;
    const table = type === 'SOURCE' ? 'source' : type === 'SPACE' ? 'space' : undefined;
    if (table === undefined) return { type, id: part };
    const query = db.selectFrom(table).select('id').where('slug', '=', part);
    const found = await query.executeTakeFirst();
    if (found !== undefined) return { type, id: found.id };
  }
  throw bad(field, 'is not the name of a resource');
}

function bad(field: string, text: string): InputFailure {
  return new InputFailure([{ field, message: `"${field}" ${text}` }]);
}
