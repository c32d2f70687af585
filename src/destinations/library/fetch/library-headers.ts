type HeaderPairs = Iterable<readonly [string, unknown]>;
/** What the library and its definitions make headers of. */
export type HeadersInit = LibraryHeaders | HeaderPairs | Readonly<Record<string, unknown>>;

/**
 * `Headers` as the library uses them, without the cost of the standard ones: it makes a dozen for every
 * request. Names are kept in lower case; a value is text as it was given.
 */
export class LibraryHeaders {
  readonly #values = new Map<string, string>();

  constructor(init?: HeadersInit) {
    if (init === undefined || init === null) return;
    const pairs = Symbol.iterator in init ? init : Object.entries(init);
    for (const [name, value] of pairs) this.append(name, value);
  }

  append(name: string, value: unknown): void {
    const key = keyOf(name);
    const before = this.#values.get(key);
    this.#values.set(key, before === undefined ? String(value) : `${before}, ${String(value)}`);
  }

  set(name: string, value: unknown): void {
    this.#values.set(keyOf(name), String(value));
  }

  get(name: string): string | null {
    return this.#values.get(keyOf(name)) ?? null;
  }

  has(name: string): boolean {
    return this.#values.has(keyOf(name));
  }

  delete(name: string): void {
    this.#values.delete(keyOf(name));
  }

  forEach(visit: (value: string, name: string, headers: LibraryHeaders) => void): void {
    for (const [name, value] of this.#values) visit(value, name, this);
  }

  entries(): IterableIterator<[string, string]> {
    return this.#values.entries();
  }

  keys(): IterableIterator<string> {
    return this.#values.keys();
  }

  values(): IterableIterator<string> {
    return this.#values.values();
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.#values.entries();
  }
}

function keyOf(name: string): string {
  return String(name).toLowerCase();
}
