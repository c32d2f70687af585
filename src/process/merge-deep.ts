import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';

/** An object that is still being made. */
export interface JsonDraft {
  [key: string]: Json | undefined;
}

/** As `isJsonObject`, for the owner of a freshly parsed value, who may change it. */
export function isJsonDraft(value: unknown): value is JsonDraft {
  return isJsonObject(value);
}

/**
 * `base` with `over` laid on it, objects within objects alike; `over` wins, arrays and null
 * included (spec tracking-api §2.2). Neither is changed. `__proto__` is a key like any other: it is
 * copied as data and no prototype is ever read or set.
 */
export function mergeDeep(base: JsonObject, over: JsonObject): JsonObject {
  const merged: JsonDraft = { ...base, ...over };
  for (const key of Object.keys(over)) {
    const low = Object.hasOwn(base, key) ? base[key] : undefined;
    const high = over[key];
    if (isJsonObject(low) && isJsonObject(high)) setOwn(merged, key, mergeDeep(low, high));
  }
  return merged;
}

function setOwn(target: JsonDraft, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else {
    target[key] = value;
  }
}
