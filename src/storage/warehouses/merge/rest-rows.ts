import { isJsonObject, type Json } from '../../../core/json.ts';

/** The list under a name of what an interface answered; empty where there is none. */
export function listOf(value: Json | undefined, name: string): readonly Json[] {
  const list = isJsonObject(value) ? value[name] : undefined;
  return Array.isArray(list) ? list : [];
}

/** The text under a name; '' where there is none. */
export function textOf(value: Json | undefined, name: string): string {
  const cell = isJsonObject(value) ? value[name] : undefined;
  return cell === undefined || cell === null ? '' : String(cell);
}
