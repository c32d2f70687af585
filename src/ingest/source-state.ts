import type { DiscardCode } from '../core/discard-codes.ts';
import { limits } from '../core/limits.ts';
import type { SourceConfig } from '../core/snapshot.ts';
import type { AddressRule } from './guard-addresses.ts';
import { TokenBucket } from './token-bucket.ts';

/** What a request must say of a source's rate: `X-RateLimit-Limit` and `-Remaining`. */
export interface Quota {
  readonly limit: string;
  readonly remaining: string;
}

/** With no limit, or no source, the headers show the standard figure (seed 001). */
export const standardQuota: Quota = {
  limit: String(limits.requestsPerSecond),
  remaining: String(limits.requestsPerSecond),
};

/** A record must hold the largest body and its meta. */
const mostBytes = limits.logRecordBytes / 2;

/** One source as ingest sees it: its limits, its tokens and its counts. Outlives changes of its configuration. */
export class SourceState implements Quota {
  readonly id: string;
  enabled = true;
  requestBytes = 0;
  eventBytes = 0;
  batchEvents = 0;
  limit = standardQuota.limit;
  /** What is kept of client addresses; undefined: all. */
  addressRule: AddressRule | undefined;
  /** It must be recorded that a request is a prefetch. */
  judgesBots = false;
  /** Takes no request without an access token. */
  requiresOAuth = false;
  /** Events acknowledged. */
  accepted = 0;
  readonly refused = new Map<DiscardCode, number>();
  readonly #bucket: TokenBucket;

  constructor(id: string, now: number) {
    this.id = id;
    this.#bucket = new TokenBucket(0, now);
  }

  /** Takes the figures of a new snapshot. `defaultRate` holds for a source without one of its own. */
  configure(config: SourceConfig, defaultRate: number, now: number): void {
    const own = config.limits;
    const rate = own.requestsPerSecond ?? defaultRate;
    this.enabled = config.enabled;
    this.requestBytes = Math.min(mostBytes, own.requestBytes ?? limits.requestBytes);
    this.eventBytes = Math.min(mostBytes, own.eventBytes ?? limits.eventBytes);
    this.batchEvents = own.batchEvents ?? limits.batchEvents;
    const { bots, ip, country } = config.policy ?? {};
    // The country is looked up later, and the network says it; what was dropped here would be lost.
    this.addressRule = ip === 'drop' && country === true ? 'anonymize' : ip;
    this.judgesBots = bots !== undefined;
    this.requiresOAuth = config.requiresOAuth === true;
    this.#bucket.setRate(rate, now);
    this.limit = rate === 0 ? standardQuota.limit : String(rate);
  }

  /** Counts one request against the rate; false when it is one too many. `now` is monotonic. */
  take(now: number): boolean {
    return this.#bucket.take(now);
  }

  get remaining(): string {
    return this.#bucket.rate === 0 ? standardQuota.remaining : String(this.#bucket.remaining);
  }

  get waitSeconds(): number {
    return this.#bucket.waitSeconds;
  }

  countRefused(code: DiscardCode, count: number): void {
    this.refused.set(code, (this.refused.get(code) ?? 0) + count);
  }
}
