/** Types of settings by those of the catalogue (spec config-api §2, Destinations). */
const types: Readonly<Record<string, string>> = {
  array: 'list',
  boolean: 'boolean',
  number: 'number',
  password: 'string',
  string: 'string',
  'text-map': 'map',
};

/** The type of a setting as this API names it; `mixed` is anything. */
export function settingType(type: string | undefined): string {
  return types[type ?? ''] ?? 'mixed';
}
