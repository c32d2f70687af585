import type { Clock } from '../../core/clock.ts';
import { limits } from '../../core/limits.ts';
import { Counter, type Registry } from '../../core/prometheus.ts';

/** Unknown tokens from one address in the current window. */
interface Failures {
  count: number;
  readonly endsAt: number;
}

/**
 * Slows whoever guesses access tokens: an address from which too many unknown ones came is heard no more
 * until its minute is over, except with a token that was good here before. Bounded: addresses beyond
 * `limits.guardedAddresses` share one count, tokens beyond `limits.knownTokens` are forgotten oldest first.
 */
export class TokenGuard {
  readonly #clock: Clock;
  readonly #refused: Counter<'reason'>;
  readonly #failures = new Map<string, Failures>();
  readonly #known = new Set<string>();

  constructor(clock: Clock, registry: Registry) {
    this.#clock = clock;
    this.#refused = new Counter({
      name: 'tributary_api_tokens_refused_total',
      help: 'API requests without a valid access token: unknown, or not even looked up because too many came before.',
      labelNames: ['reason'],
      registers: [registry],
    });
  }

  /** Milliseconds for which this address is not heard with this token; 0 is: go on. */
  waitMs(address: string, hash: string | undefined): number {
    if (hash !== undefined && this.#known.has(hash)) return 0;
    const failures = this.#failures.get(this.#keyOf(address));
    const left = failures === undefined ? 0 : failures.endsAt - this.#clock.monotonic();
    if (failures === undefined || left <= 0 || failures.count < limits.refusedTokensPerMinute) {
      return 0;
    }
    this.#refused.inc({ reason: 'slowed' });
    return left;
  }

  /** The token from this address is none. */
  failed(address: string): void {
    this.#refused.inc({ reason: 'unknown' });
    const now = this.#clock.monotonic();
    const key = this.#keyOf(address);
    const old = this.#failures.get(key);
    if (old !== undefined && old.endsAt > now) old.count += 1;
    else this.#failures.set(key, { count: 1, endsAt: now + 60_000 });
  }

  /** The token is good: from now on it is heard from everywhere. */
  passed(hash: string): void {
    if (this.#known.has(hash)) return;
    this.#known.add(hash);
    if (this.#known.size <= limits.knownTokens) return;
    for (const oldest of this.#known) {
      this.#known.delete(oldest);
      break;
    }
  }

  #keyOf(address: string): string {
    if (this.#failures.size < limits.guardedAddresses || this.#failures.has(address)) {
      return address;
    }
    const now = this.#clock.monotonic();
    for (const [key, { endsAt }] of this.#failures) if (endsAt <= now) this.#failures.delete(key);
    return this.#failures.size < limits.guardedAddresses ? address : 'others';
  }
}
