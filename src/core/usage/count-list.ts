/** The name that stands for all names beyond the bound of a list. */
export const otherName = '(other)';

/** What became of events: process knows the first two, deliver the others. */
export type CountedOutcome = 'event' | 'discard' | 'delivered' | 'filtered' | 'failed' | 'retried';

/** What events are counted by. Empty texts where something is not known or does not apply. */
export interface CountKey {
  readonly outcome: CountedOutcome;
  /** One of the six calls. */
  readonly type: string;
  /** `event` of a track call, cut to `limits.countedNameLength`; `otherName` for all that are beyond the bound. */
  readonly name: string;
  /** `context.app.version`, cut and bounded likewise. */
  readonly version: string;
  /** Discard code. */
  readonly code: string;
}

export interface Count extends CountKey {
  readonly count: number;
  /** Attempts beyond the first that those events took. */
  readonly retries: number;
  /** How many of them took more than one attempt. */
  readonly repeated: number;
}

interface Held extends CountKey {
  count: number;
  retries: number;
  repeated: number;
}

/** How a count stands in the `work` database: see `parseCounts`. */
export type StoredCount = readonly [
  outcome: CountedOutcome,
  type: string,
  name: string,
  version: string,
  code: string,
  count: number,
  retries: number,
  repeated: number,
];

/**
 * Counts by key. Of names and versions it keeps the most frequent: when twice as many as asked for have come
 * together, the rarer half goes into one `otherName`. Sums over names stay exact.
 */
export class CountList {
  readonly #counts = new Map<string, Held>();
  /** Of each name, what was counted last: most often it is the next one too. */
  readonly #latest = new Map<string, Held>();
  readonly #mostNamed: number;
  #named = 0;

  constructor(mostNamed: number) {
    this.#mostNamed = mostNamed;
  }

  get size(): number {
    return this.#counts.size;
  }

  add(key: CountKey, count: number, retries = 0, repeated = 0): void {
    const { outcome, type, name, version, code } = key;
    const latest = this.#latest.get(name);
    if (
      latest?.outcome === outcome &&
      latest.type === type &&
      latest.version === version &&
      latest.code === code
    ) {
      increase(latest, count, retries, repeated);
      return;
    }
    const text = `${outcome}\n${type}\n${code}\n${version}\n${name}`;
    const held = this.#counts.get(text);
    if (held !== undefined) {
      increase(held, count, retries, repeated);
      this.#latest.set(name, held);
      return;
    }
    const made = { outcome, type, name, version, code, count, retries, repeated };
    this.#counts.set(text, made);
    this.#latest.set(name, made);
    if (isNamed(key)) this.#named += 1;
    if (this.#named > 2 * this.#mostNamed) this.#fold();
  }

  merge(counts: Iterable<Count>): void {
    for (const one of counts) this.add(one, one.count, one.retries, one.repeated);
  }

  [Symbol.iterator](): Iterator<Count> {
    return this.#counts.values();
  }

  toStored(): StoredCount[] {
    return Array.from(this.#counts.values(), (one) => [
      one.outcome,
      one.type,
      one.name,
      one.version,
      one.code,
      one.count,
      one.retries,
      one.repeated,
    ]);
  }

  #fold(): void {
    const named = [...this.#counts].filter(([, one]) => isNamed(one));
    named.sort(([, a], [, b]) => b.count - a.count);
    const rare = named.slice(this.#mostNamed);
    for (const [text] of rare) this.#counts.delete(text);
    this.#latest.clear();
    this.#named = this.#mostNamed;
    for (const [, one] of rare) {
      const name = one.name === '' ? '' : otherName;
      const version = one.version === '' ? '' : otherName;
      this.add({ ...one, name, version }, one.count, one.retries, one.repeated);
    }
  }
}

function increase(held: Held, count: number, retries: number, repeated: number): void {
  held.count += count;
  held.retries += retries;
  held.repeated += repeated;
}

function isNamed({ name, version }: CountKey): boolean {
  return (name !== '' && name !== otherName) || (version !== '' && version !== otherName);
}
