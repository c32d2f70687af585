/** The processes beside ingest, in the order in which they are stopped. */
export const childNames = ['worker', 'control'] as const;
export type ChildName = (typeof childNames)[number];

/** The processes of a node; `load` is a child of the worker and is there only while warehouses are loaded. Names are shown in the process title, the logs, `/health` and `/metrics`. */
export type ProcessName = 'ingest' | ChildName | 'load';

export function isChildName(value: unknown): value is ChildName {
  return childNames.some((name) => name === value);
}

/** What a node can do for a deployment. */
export const nodeRoles = ['ingest', 'process', 'deliver', 'load', 'control'] as const;
export type NodeRole = (typeof nodeRoles)[number];
