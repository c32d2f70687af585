/** The processes beside ingest, in the order in which they are stopped. */
export const childRoles = ['worker', 'control'] as const;
export type ChildRole = (typeof childRoles)[number];

/** The processes of a node. Names are shown in the process title, the logs, `/health` and `/metrics`. */
export type Role = 'ingest' | ChildRole;

export function isChildRole(value: unknown): value is ChildRole {
  return childRoles.some((role) => role === value);
}
