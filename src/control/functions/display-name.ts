import type { FunctionType } from './function-type.ts';

interface Place {
  readonly workspace: { readonly name: string };
}

/** As people see it: a destination function bears the name of the workspace behind its own (spec public-api §6). */
export function shownName({ workspace }: Place, type: string, name: string): string {
  return type === 'DESTINATION' ? `${name} (${workspace.name})` : name;
}

/** The name of its own, also where a client writes back what it was shown. */
export function ownName({ workspace }: Place, type: FunctionType | string, name: string): string {
  const suffix = ` (${workspace.name})`;
  return type === 'DESTINATION' && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}
