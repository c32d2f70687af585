import type { Clock } from '../../core/clock.ts';
import type { DeliveryLimits } from '../../core/delivery-limits.ts';

/** What may be sent at once after a pause: what the rate gives in this time, and at least one. */
const burstMs = 100;

/** Called once when there may be room. */
type Wake = () => void;

/**
 * The limits that a user set for one destination, over all of its lanes in this process: those of its targets, of its partitions and
 * of its replays. Replays stand back while live lanes wait. Times are monotonic milliseconds.
 */
export class ConnectionQuota {
  readonly #clock: Clock;
  #perMs: number | undefined;
  #most = Number.POSITIVE_INFINITY;
  #tokens = 1;
  #at: number;
  #inFlight = 0;
  readonly #live = new Set<Wake>();
  readonly #replays = new Set<Wake>();
  #alarm: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#at = clock.monotonic();
  }

  /** `share`: of the partitions, those at work here. */
  set({ requestsPerSecond, concurrency }: DeliveryLimits, share: number): void {
    const perMs = requestsPerSecond === undefined ? undefined : (requestsPerSecond * share) / 1_000;
    const most =
      concurrency === undefined
        ? Number.POSITIVE_INFINITY
        : Math.max(1, Math.floor(concurrency * share));
    if (perMs === this.#perMs && most === this.#most) return;
    this.#refill();
    this.#perMs = perMs;
    this.#most = most;
    this.#wakeAll();
  }

  /** Of `places`, those that the limit leaves. */
  placesOf(places: number): number {
    return Math.min(places, this.#most);
  }

  /** Somebody has something to send and may not. */
  get holdsBack(): boolean {
    return this.#live.size + this.#replays.size > 0;
  }

  /** Whether an attempt may begin now. */
  hasRoom(isReplay: boolean): boolean {
    if (this.#inFlight >= this.#most || (isReplay && this.#live.size > 0)) return false;
    this.#refill();
    return this.#perMs === undefined || this.#tokens >= 1;
  }

  /** An attempt begins: also one that may not wait, as a probe. */
  enter(): void {
    this.#refill();
    this.#tokens -= 1;
    this.#inFlight += 1;
  }

  /** It ended. */
  leave(): void {
    this.#inFlight -= 1;
    if (this.holdsBack && this.#inFlight < this.#most) this.#wakeAll();
  }

  /** Calls `wake` once when there may be room; the same one is called once however often it waits. */
  onRoom(wake: Wake, isReplay: boolean): void {
    (isReplay ? this.#replays : this.#live).add(wake);
    this.#arm();
  }

  forget(wake: Wake): void {
    this.#live.delete(wake);
    this.#replays.delete(wake);
  }

  #refill(): void {
    const now = this.#clock.monotonic();
    if (this.#perMs !== undefined) {
      const most = Math.max(1, this.#perMs * burstMs);
      this.#tokens = Math.min(most, this.#tokens + (now - this.#at) * this.#perMs);
    } else {
      this.#tokens = 1;
    }
    this.#at = now;
  }

  /** One alarm, for the next token; what ends wakes by itself. */
  #arm(): void {
    if (this.#alarm !== undefined || this.#perMs === undefined) return;
    this.#refill();
    const ms = Math.max(1, (1 - this.#tokens) / this.#perMs);
    this.#alarm = this.#clock.after(ms, () => this.#wakeAll());
  }

  #wakeAll(): void {
    this.#alarm?.();
    this.#alarm = undefined;
    const woken = [...this.#live, ...this.#replays];
    this.#live.clear();
    this.#replays.clear();
    for (const wake of woken) wake();
  }
}
