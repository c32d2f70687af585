import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { limits } from '../../core/limits.ts';
import type { WriteKey } from '../write-key.ts';

/**
 * The syncs of the Objects Bulk API: what `/v0/start` begins and `/v0/finish` ends. An id carries a seal made with the
 * write key, so that every node takes what any of them began, also after a restart. A node knows the
 * time of those that it has met: one that nothing was heard of for `limits.bulkSyncMs` is over. State is in memory
 * alone, `limits.bulkSyncs` of them: each part of a sync is durable by itself.
 */
export class BulkSyncs {
  readonly #clock: Clock;
  readonly #randomHex: (bytes: number) => string;
  /** When something was heard of it last, monotonic ms; undefined: it is over. */
  readonly #heard = new Map<string, number | undefined>();

  constructor(clock: Clock, randomHex: (bytes: number) => string) {
    this.#clock = clock;
    this.#randomHex = randomHex;
  }

  begin(key: WriteKey): string {
    const name = this.#randomHex(16);
    const id = `${name}${sealOf(name, key)}`;
    this.#note(id, this.#clock.monotonic());
    return id;
  }

  /** Whether the sync is one of the key and goes on; if so, it was heard of now. */
  hear(id: string, key: WriteKey): boolean {
    const [name, seal] = [id.slice(0, 32), id.slice(32)];
    const expected = sealOf(name, key);
    if (seal.length !== expected.length) return false;
    if (!timingSafeEqual(Buffer.from(seal), Buffer.from(expected))) return false;
    const now = this.#clock.monotonic();
    if (this.#heard.has(id)) {
      const last = this.#heard.get(id);
      if (last === undefined || now - last > limits.bulkSyncMs) return false;
    }
    this.#note(id, now);
    return true;
  }

  end(id: string): void {
    this.#note(id, undefined);
  }

  #note(id: string, time: number | undefined): void {
    this.#heard.delete(id);
    this.#heard.set(id, time);
    const [oldest] = this.#heard.keys();
    if (this.#heard.size > limits.bulkSyncs && oldest !== undefined) this.#heard.delete(oldest);
  }
}

function sealOf(name: string, { text }: WriteKey): string {
  return createHmac('sha256', text).update(name).digest('hex').slice(0, 32);
}
