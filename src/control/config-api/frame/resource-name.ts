import type { Environment } from '../../environment.ts';
import { InputFailure } from '../../input-failure.ts';

type Workspace = Pick<Environment, 'workspace'>;

/** `workspaces/<slug>`: what the names of all but the catalogue begin with. */
export function workspaceName({ workspace }: Workspace): string {
  return `workspaces/${workspace.slug}`;
}

/** Whether a path or name means the workspace: function clients know it by its id (spec config-api §1). */
export function isWorkspace({ workspace }: Workspace, given: string): boolean {
  return given === workspace.slug || given === workspace.id;
}

export function sourceName(environment: Workspace, slug: string): string {
  return `${workspaceName(environment)}/sources/${slug}`;
}

/**
 * The last part of a name that a body gives: of the full name, which must be in the collection
 * (`workspaces/x/sources`), or given alone. Throws `input_validation` naming the field.
 */
export function lastPart(
  environment: Workspace,
  field: string,
  given: string,
  collection: string,
): string {
  const parts = given.split('/');
  const last = parts.pop() ?? '';
  if (parts[0] === 'workspaces' && isWorkspace(environment, parts[1] ?? '')) {
    parts[1] = environment.workspace.slug;
  }
  const isThere = parts.length === 0 || parts.join('/') === collection;
  if (last !== '' && isThere) return last;
  const message = `"${field}" must be a name in ${collection}`;
  throw new InputFailure([{ field, message }]);
}
