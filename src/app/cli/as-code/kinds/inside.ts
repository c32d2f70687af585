import { isDeepStrictEqual } from 'node:util';
import { TributaryError } from '../../../../core/errors.ts';
import type { JsonObject } from '../../../../core/json.ts';
import type { Session } from '../kind.ts';

/** A list inside a resource whose items have operations of their own. */
export interface Inside {
  key(item: JsonObject): string;
  read(session: Session, id: string): Promise<{ readonly id: string; readonly item: JsonObject }[]>;
  make(session: Session, id: string, item: JsonObject): Promise<void>;
  change(
    session: Session,
    id: string,
    inner: string,
    item: JsonObject,
    before: JsonObject,
  ): Promise<void>;
  remove(session: Session, id: string, inner: string): Promise<void>;
}

/** Makes the list of resource `id` what is wanted; what stays the same is not written. */
export async function putInside(
  session: Session,
  id: string,
  list: Inside,
  wanted: readonly JsonObject[],
): Promise<void> {
  const keys = new Set(wanted.map(list.key));
  if (keys.size < wanted.length) {
    throw new TributaryError('conflict', `Two have one name: ${wanted.map(list.key).join(', ')}`);
  }
  const left = new Map<string, JsonObject>(wanted.map((item) => [list.key(item), item]));
  for (const { id: inner, item } of await list.read(session, id)) {
    const key = list.key(item);
    const next = left.get(key);
    if (next === undefined) await list.remove(session, id, inner);
    else if (!isDeepStrictEqual(next, item)) await list.change(session, id, inner, next, item);
    left.delete(key);
  }
  for (const item of left.values()) await list.make(session, id, item);
}
