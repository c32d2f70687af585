/** What a role speaks of. Destinations and their filters belong to their source. */
export const areas = [
  'workspace',
  'source',
  'warehouse',
  'function',
  'tracking-plan',
  'space',
  'entity',
  'privacy',
  'pii',
  'access',
] as const;

export type Area = (typeof areas)[number];

/** How far a role goes in an area; `admin` includes `read`. */
export type Level = 'read' | 'admin';
