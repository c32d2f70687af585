import type { Json } from '../../core/json.ts';

/** Column of what has no place in the others: the part of the event that is missing there, nested as it came. */
export const overflowColumn = '_overflow';

type Part = { [key: string]: Part | Json };

/** A part of an event in its own nesting, put together leaf by leaf. */
export class Overflow {
  readonly #part: Part;

  constructor(part: Part = Object.create(null)) {
    this.#part = part;
  }

  /** From the text of a row. */
  static read(text: string): Overflow {
    return new Overflow(asPart(JSON.parse(text)));
  }

  put(path: readonly string[], value: Json): void {
    let part = this.#part;
    for (const key of path.slice(0, -1)) {
      const inside = Object.hasOwn(part, key) ? part[key] : undefined;
      const next = isPart(inside) ? inside : Object.create(null);
      part[key] = next;
      part = next;
    }
    part[path.at(-1) ?? ''] = value;
  }

  /** Takes a leaf away, and what is empty without it. */
  remove(path: readonly string[]): void {
    removeFrom(this.#part, path, 0);
  }

  /** The row's text; null when there is nothing. */
  text(): string | null {
    return Object.keys(this.#part).length === 0 ? null : JSON.stringify(this.#part);
  }
}

function removeFrom(part: Part, path: readonly string[], depth: number): void {
  const key = path[depth];
  if (key === undefined || !Object.hasOwn(part, key)) return;
  const inside = part[key];
  if (depth < path.length - 1) {
    if (!isPart(inside)) return;
    removeFrom(inside, path, depth + 1);
    if (Object.keys(inside).length > 0) return;
  }
  delete part[key];
}

function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own properties alone, `__proto__` among them. */
function asPart(value: unknown): Part {
  const part: Part = Object.create(null);
  if (!isPart(value)) return part;
  for (const [key, inside] of Object.entries(value))
    part[key] = isPart(inside) ? asPart(inside) : inside;
  return part;
}
