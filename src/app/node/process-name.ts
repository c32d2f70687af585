/** The processes beside ingest, in the order in which they are stopped. */
export const childNames = ['worker', 'control'] as const;
export type ChildName = (typeof childNames)[number];

/** The processes of a node. Names are shown in the process title, the logs, `/health` and `/metrics`. */
export type ProcessName = 'ingest' | ChildName;

export function isChildName(value: unknown): value is ChildName {
  return childNames.some((name) => name === value);
}

/** What a node can do for a deployment. */
export const nodeRoles = ['ingest', 'process', 'deliver', 'control'] as const;
export type NodeRole = (typeof nodeRoles)[number];
