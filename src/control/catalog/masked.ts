import type { Json, JsonObject } from '../../core/json.ts';
import type { Configurable } from './catalog.ts';

const bullet = '•';

/**
 * A secret as it is shown: bullets and the last four characters (spec public-api §6). A short one
 * shows nothing of itself: four characters would be most of it.
 */
export function maskSecret(secret: string): string {
  if (secret === '') return '';
  return bullet.repeat(12) + (secret.length >= 12 ? secret.slice(-4) : '');
}

/** Clients write back what they were shown; such a value says nothing new (spec public-api §7.13). */
export function isMasked(value: Json | undefined): boolean {
  return typeof value === 'string' && value.includes(bullet);
}

/** Settings with their secrets masked: the only form in which they leave the server by the API. */
export function maskSettings(definition: Configurable, settings: JsonObject): JsonObject {
  const masked = new Map(Object.entries(settings));
  for (const { name, type } of definition.options) {
    const value = masked.get(name);
    if (type === 'password' && typeof value === 'string') masked.set(name, maskSecret(value));
  }
  return Object.fromEntries(masked);
}
