import { isDeepStrictEqual } from 'node:util';
import type { Grant } from './grant.ts';

/** Grants with others added: a role that is held already gets the resources it lacks. */
export function addGrants(held: readonly Grant[], added: readonly Grant[]): readonly Grant[] {
  const grants = [...held];
  for (const { roleId, resources } of added) {
    const index = grants.findIndex((grant) => grant.roleId === roleId);
    const old = grants[index]?.resources ?? [];
    const missing = resources.filter((one) => !old.some((other) => isDeepStrictEqual(one, other)));
    const grant = { roleId, resources: [...old, ...missing] };
    if (index === -1) grants.push(grant);
    else grants[index] = grant;
  }
  return grants;
}
