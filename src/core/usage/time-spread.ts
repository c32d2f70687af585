/** Times as they stand in the `work` database: their sum in ms, and how many fell into each step. */
export interface StoredTimes {
  readonly sum: number;
  readonly steps: Readonly<Record<string, number>>;
}

/** Each step reaches this much further than the one before: a percentile is at most so much too high. */
const growth = 1.25;

/** How long something took, many times over: average exactly, percentiles to within a quarter above. */
export class TimeSpread {
  #sum = 0;
  readonly #steps = new Map<number, number>();

  get count(): number {
    let count = 0;
    for (const times of this.#steps.values()) count += times;
    return count;
  }

  /** In ms; 0 when there was none. */
  get average(): number {
    const { count } = this;
    return count === 0 ? 0 : this.#sum / count;
  }

  add(ms: number): void {
    const time = Math.max(0, ms);
    const step = Math.ceil(Math.log(Math.max(1, time)) / Math.log(growth));
    this.#sum += time;
    this.#steps.set(step, (this.#steps.get(step) ?? 0) + 1);
  }

  /** The end, in ms, of the step in which the given share of all times is reached; 0 when there was none. */
  percentile(share: number): number {
    const wanted = this.count * share;
    let seen = 0;
    for (const [step, times] of [...this.#steps].sort(([a], [b]) => a - b)) {
      seen += times;
      if (seen >= wanted) return Math.round(growth ** step);
    }
    return 0;
  }

  merge({ sum, steps }: StoredTimes): void {
    this.#sum += sum;
    for (const [step, times] of Object.entries(steps)) {
      this.#steps.set(Number(step), (this.#steps.get(Number(step)) ?? 0) + times);
    }
  }

  toStored(): StoredTimes {
    return { sum: Math.round(this.#sum), steps: Object.fromEntries(this.#steps) };
  }
}
