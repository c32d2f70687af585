/** The processes of a node. Names are shown in the process title, the logs, `/health` and `/metrics`. */
export const roles = ['control', 'ingest', 'worker'] as const;
export type Role = (typeof roles)[number];

export function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value);
}
