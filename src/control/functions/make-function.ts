import type { WriteContext } from '../context.ts';
import { newId } from '../ids.ts';
import { checkDeclared, type DeclaredSetting } from './declared-settings.ts';
import { ownName } from './display-name.ts';
import { type FunctionRow, findFunction } from './find-function.ts';
import { type FunctionType, prefixOf } from './function-type.ts';
import { addVersion } from './versions/add-version.ts';

export interface NewFunction {
  readonly resourceType: FunctionType;
  readonly displayName: string;
  readonly code: string;
  readonly description?: string;
  readonly logoUrl?: string;
  readonly settings?: readonly DeclaredSetting[];
}

/** Makes a function with its first version, which is not deployed. Throws `input_validation`, with the fields. */
export async function makeFunction(
  context: WriteContext,
  given: NewFunction,
): Promise<FunctionRow> {
  const { db, environment, principal, revision, now } = context;
  const settings = given.settings ?? [];
  checkDeclared(settings);
  const id = prefixOf(given.resourceType) + newId(environment.random);
  await db
    .insertInto('user_function')
    .values({
      id,
      workspace_id: environment.workspace.id,
      position: revision,
      resource_type: given.resourceType,
      display_name: ownName(environment, given.resourceType, given.displayName),
      description: given.description || null,
      logo_url: given.logoUrl || null,
      settings: JSON.stringify(settings),
      created_by: principal.email ?? principal.actor,
      created_at: now,
      updated_at: now,
    })
    .execute();
  await addVersion(context, id, given.code);
  return findFunction(db, id);
}
