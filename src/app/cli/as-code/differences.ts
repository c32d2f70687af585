import type { Json, JsonObject } from '../../../core/json.ts';
import type { Kind, Present } from './kind.ts';
import { equal, hasMask, same, sorted, within } from './same.ts';
import { objectAt } from './session.ts';

/** The fields of `wanted` that do not hold, of the settings only those; what is not wanted is not looked at. */
export function differences(
  kind: Kind,
  wanted: JsonObject,
  present: Present,
  rewriteSecrets: boolean,
): JsonObject {
  const changes: Record<string, Json> = {};
  for (const [name, value] of Object.entries(wanted)) {
    if (value === undefined || kind.onlyAtFirst?.includes(name)) continue;
    if (kind.exact?.includes(name)) {
      if (!equal(value, present.item[name])) changes[name] = value;
      continue;
    }
    if (name === 'settings') {
      const settings = changedSettings(objectAt(wanted, name), present, rewriteSecrets);
      if (Object.keys(settings).length > 0) changes[name] = settings;
      continue;
    }
    const order = kind.unordered?.includes(name) ? sorted : (list: Json | undefined) => list;
    const there = present.item[name];
    const holds = kind.partial?.includes(name)
      ? within(value, there)
      : same(order(value), order(there));
    if (!holds) changes[name] = value;
  }
  return changes;
}

function changedSettings(
  wanted: JsonObject,
  { item, options }: Present,
  rewriteSecrets: boolean,
): JsonObject {
  const present = objectAt(item, 'settings');
  const differs = (name: string, value: Json | undefined): boolean => {
    if (value === null) return !isUnset(present[name], options?.defaults[name]);
    if (options?.secrets.has(name) === true || hasMask(present[name])) {
      if (hasMask(value)) return false;
      if (rewriteSecrets) return true;
      if (options?.hidesSecrets) return false;
    }
    return !same(value, present[name]);
  };
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => differs(name, value)));
}

/** True also for a value that is shown because it is the default. */
function isUnset(value: Json | undefined, byDefault: Json | undefined): boolean {
  return value === undefined || value === null || same(value, byDefault ?? null);
}

/** Names of the settings of a new resource whose value is a mask, and so nobody's. */
export function missingSecrets(item: JsonObject): string[] {
  return Object.entries(objectAt(item, 'settings')).flatMap(([name, value]) =>
    hasMask(value) ? [name] : [],
  );
}
