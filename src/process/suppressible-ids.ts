import type { Json, JsonObject } from '../core/json.ts';
import type { EventIds } from '../core/suppressions.ts';

/** The ids of an item as it came, which may be one that was refused: a number counts as its text. */
export function suppressibleIds(item: JsonObject): EventIds {
  return {
    userId: textOf(item['userId']),
    anonymousId: textOf(item['anonymousId']),
    previousId: textOf(item['previousId']),
  };
}

function textOf(id: Json | undefined): string | undefined {
  if (typeof id === 'number') return String(id);
  return typeof id === 'string' ? id : undefined;
}
