import { isJsonObject, type Json } from '../../../core/json.ts';
import type { SchemaRun } from './schema-run.ts';

/** The same text for values that are equal, in whatever order their keys stand. What takes too long is equal to nothing. */
export function canonicalText(value: Json, run?: SchemaRun): string {
  if (run?.spend(1) === false) return '';
  if (Array.isArray(value))
    return `[${value.map((item: Json) => canonicalText(item, run)).join()}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalText(value[key] ?? null, run)}`);
  return `{${entries.join()}}`;
}
