import type { Clock } from '../../core/clock.ts';
import { type TailKind, tailKinds } from './tail-event.ts';

const windowMs = 1_000;
/** Events a second kept free for a kind that occurred lately, and for one that did not. */
const reservedBusy = 8;
const reservedIdle = 1;

type Counts = Record<TailKind, number>;

/**
 * How much of a source is shown: so many events a second, shared so that no kind crowds out the
 * others. A flood of accepted events leaves room for the failures that somebody is looking for.
 */
export class TailBudget {
  readonly #clock: Clock;
  readonly #perSecond: number;
  #endsAt = 0;
  #taken: Counts = noCounts();
  #offered: Counts = noCounts();
  #offeredBefore: Counts = noCounts();
  /** Kinds for which there is no more room: others only take from what is left. */
  readonly #refused = new Set<TailKind>();

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
  }

  /** False once `take` has said no, until the next second. */
  hasRoom(kind: TailKind): boolean {
    this.#roll();
    return !this.#refused.has(kind);
  }

  take(kind: TailKind): boolean {
    if (!this.hasRoom(kind)) return false;
    this.#offered[kind] += 1;
    let bound = 0;
    for (const other of tailKinds) {
      const reserved = other === kind ? 0 : Math.max(0, this.#reserved(other) - this.#taken[other]);
      bound += this.#taken[other] + reserved;
    }
    if (bound >= this.#perSecond) {
      this.#refused.add(kind);
      return false;
    }
    this.#taken[kind] += 1;
    return true;
  }

  #reserved(kind: TailKind): number {
    return this.#offered[kind] + this.#offeredBefore[kind] > 0 ? reservedBusy : reservedIdle;
  }

  #roll(): void {
    const now = this.#clock.monotonic();
    if (now < this.#endsAt) return;
    const follows = now < this.#endsAt + windowMs;
    this.#offeredBefore = follows ? this.#offered : noCounts();
    this.#offered = noCounts();
    this.#taken = noCounts();
    this.#refused.clear();
    this.#endsAt = now + windowMs;
  }
}

function noCounts(): Counts {
  return { accepted: 0, refused: 0, discarded: 0, delivered: 0, retrying: 0 };
}
