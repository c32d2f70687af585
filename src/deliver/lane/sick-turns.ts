import type { Clock } from '../../core/clock.ts';
import { limits } from '../../core/limits.ts';

/**
 * When lanes whose far ends are sick do their work: together, `limits.sickTurnMs` after the first of them asked, one
 * at a time, with room between two for whatever else there is to do. The others never wait for them: new events go out to
 * all who take them at once before the rest is tried.
 */
export class SickTurns {
  readonly #clock: Clock;
  readonly #asked = new Set<() => void>();
  #isUnderWay = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `work` once; asked for again before that, still once. */
  ask(work: () => void): void {
    this.#asked.add(work);
    if (this.#isUnderWay) return;
    this.#isUnderWay = true;
    this.#clock.after(limits.sickTurnMs, () => {
      const round = [...this.#asked];
      this.#asked.clear();
      this.#run(round, 0);
    });
  }

  #run(round: readonly (() => void)[], at: number): void {
    const work = round[at];
    if (work !== undefined) {
      work();
      setImmediate(() => this.#run(round, at + 1));
      return;
    }
    this.#isUnderWay = false;
    const [next] = this.#asked;
    if (next !== undefined) this.ask(next);
  }
}
