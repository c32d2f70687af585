/** What a token may do; each level includes the ones before. */
export const permissions = ['read', 'write', 'admin'] as const;

/**
 * `read`: everything but write keys. `write`: also the write keys, and changes to the configuration.
 * `admin`: also tokens.
 */
export type Permission = (typeof permissions)[number];

export function isPermission(value: unknown): value is Permission {
  return permissions.some((permission) => permission === value);
}

/** True when a token with `held` may do what needs `needed`. */
export function allows(held: Permission, needed: Permission): boolean {
  return permissions.indexOf(held) >= permissions.indexOf(needed);
}
