import type { ConnectionQuota } from './connection-quota.ts';

/** The limits of a destination as one of its lanes meets them. */
export class LaneQuota {
  readonly #quota: ConnectionQuota;
  readonly #isReplay: boolean;
  readonly #wake: () => void;

  /** `wake`: there may be room again. */
  constructor(quota: ConnectionQuota, isReplay: boolean, wake: () => void) {
    this.#quota = quota;
    this.#isReplay = isReplay;
    this.#wake = wake;
  }

  is(quota: ConnectionQuota | undefined): boolean {
    return quota === this.#quota;
  }

  get holdsBack(): boolean {
    return this.#quota.holdsBack;
  }

  placesOf(places: number): number {
    return this.#quota.placesOf(places);
  }

  /** Whether an attempt may begin now; where it may not, the lane is woken when it may. */
  allows(): boolean {
    if (this.#quota.hasRoom(this.#isReplay)) return true;
    this.#quota.onRoom(this.#wake, this.#isReplay);
    return false;
  }

  /** An attempt begins. Returns how to say that it ended. */
  enter(): () => void {
    const quota = this.#quota;
    quota.enter();
    return () => quota.leave();
  }

  stop(): void {
    this.#quota.forget(this.#wake);
  }
}
