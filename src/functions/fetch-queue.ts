import type { Clock } from '../core/clock.ts';
import type { Http } from '../core/http.ts';
import { limits } from '../core/limits.ts';
import { fetchFor } from './fetch-for.ts';
import type { FetchAnswer, FetchCall, FunctionBounds } from './protocol.ts';

export interface FetchQueueOptions {
  readonly http: Http;
  readonly clock: Clock;
  readonly bounds: Pick<FunctionBounds, 'answerBytes'>;
  /** Tests shrink them. */
  readonly most?: number;
  readonly mostBytes?: number;
}

/**
 * Sends the requests of all functions of a process, so many at once: their bodies and answers lie in the memory
 * of the process that delivers, and code could ask for thousands.
 */
export class FetchQueue {
  readonly #options: FetchQueueOptions;
  readonly #most: number;
  readonly #mostBytes: number;
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;
  #bytes = 0;

  constructor(options: FetchQueueOptions) {
    this.#options = options;
    this.#most = options.most ?? limits.functionFetches;
    this.#mostBytes = options.mostBytes ?? limits.functionFetchBytes;
  }

  async fetch(call: FetchCall, withinMs: number, signal: AbortSignal): Promise<FetchAnswer> {
    const { http, clock, bounds } = this.#options;
    const size = call.body?.length ?? 0;
    if (this.#bytes + size > this.#mostBytes) {
      return { ok: false, problem: 'too many requests of functions are under way' };
    }
    const startedAt = clock.monotonic();
    this.#bytes += size;
    try {
      if (this.#underWay >= this.#most) {
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      } else this.#underWay += 1;
      const left = Math.ceil(withinMs - (clock.monotonic() - startedAt));
      if (signal.aborted || left <= 0) return { ok: false, problem: 'it was given up' };
      return await fetchFor(call, { http, withinMs: left, ...bounds, signal });
    } finally {
      this.#bytes -= size;
      // The place goes to the next at once, so that nobody comes between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#underWay -= 1;
      else next();
    }
  }
}
