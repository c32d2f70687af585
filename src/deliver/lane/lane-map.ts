/** Something of each lane, by the lane's key; the lanes of one connection are found without a look at the others. */
export class LaneMap<Value> extends Map<string, Value> {
  readonly #keys = new Map<string, Set<string>>();

  constructor(entries: Iterable<readonly [string, Value]> = []) {
    super();
    for (const [key, value] of entries) this.set(key, value);
  }

  override set(key: string, value: Value): this {
    const connection = connectionOf(key);
    const keys = this.#keys.get(connection) ?? new Set();
    this.#keys.set(connection, keys.add(key));
    return super.set(key, value);
  }

  override delete(key: string): boolean {
    const connection = connectionOf(key);
    const keys = this.#keys.get(connection);
    if (keys?.delete(key) === true && keys.size === 0) this.#keys.delete(connection);
    return super.delete(key);
  }

  override clear(): void {
    this.#keys.clear();
    super.clear();
  }

  /** The connections that have lanes here. */
  connections(): Iterable<string> {
    return this.#keys.keys();
  }

  /** The keys of one connection's lanes. */
  keysOf(connection: string): readonly string[] {
    return [...(this.#keys.get(connection) ?? [])];
  }
}

/** The connection's id of a lane's key: `<connection>/<lane>`, for a replay `<connection>/<lane>/<replay>`. */
export function connectionOf(key: string): string {
  return key.split('/', 1)[0] ?? key;
}
