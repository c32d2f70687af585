import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import type { Identifiers } from '../naming/identifiers.ts';
import type { Leaf } from './fit-value.ts';

/** A place in an event, and the column that it belongs into. Made once for all events of a source. */
export interface Place {
  /** Keys from the top of the event down. */
  readonly path: readonly string[];
  /** Name of the column; '' at the top. */
  readonly column: string;
  /** The part of the path that names the column. */
  readonly words: readonly string[];
  readonly inside: Map<string, Place>;
}

/** The place of a value at the top of an event whose column has a name of its own. */
export function topPlace(key: string, column: string): Place {
  return { path: [key], column, words: [column], inside: new Map() };
}

/** The places of the events of one source. The bound holds whatever they send: at it, all are forgotten. */
export class Places {
  readonly #identifiers: Identifiers;
  readonly #tops = new Map<string, Place>();
  #held = 0;

  constructor(identifiers: Identifiers) {
    this.#identifiers = identifiers;
  }

  /** A top-level key: of `context` the columns are prefixed, of `properties` and `traits` not. */
  top(key: string): Place {
    const known = this.#tops.get(key);
    if (known !== undefined) return known;
    const words = key === 'context' ? [key] : [];
    const place = { path: [key], column: words.join(''), words, inside: new Map() };
    this.#tops.set(key, place);
    return place;
  }

  /** Gives every leaf of an object, nulls too, with its place; objects are taken apart (spec tracking-api §14.3). */
  each(object: JsonObject, at: Place, take: (place: Place, value: Leaf | null) => void): void {
    for (const key of Object.keys(object)) {
      const value = object[key];
      if (value === undefined) continue;
      const place = at.inside.get(key) ?? this.#add(at, key);
      if (isJsonObject(value)) this.each(value, place, take);
      else take(place, value);
    }
  }

  #add(at: Place, key: string): Place {
    if (this.#held >= limits.warehousePaths) {
      for (const top of this.#tops.values()) top.inside.clear();
      this.#held = 0;
    }
    this.#held += 1;
    const words = [...at.words, key];
    const column = this.#identifiers.column(words);
    const place = { path: [...at.path, key], column, words, inside: new Map() };
    at.inside.set(key, place);
    return place;
  }
}
