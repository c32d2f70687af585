import type { Environment } from './environment.ts';
import { readWorkspaceKinds } from './functions/workspace-kinds.ts';

/** The environment as it is for one request: its catalogue has the functions that are deployed just now. */
export async function withWorkspaceKinds(environment: Environment): Promise<Environment> {
  const kinds = await readWorkspaceKinds(environment.db, environment.workspace);
  return { ...environment, catalog: environment.catalog.withFunctions(kinds) };
}
