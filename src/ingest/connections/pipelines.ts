import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { limits } from '../../core/limits.ts';

/**
 * Bounds the requests that wait behind another one of their connection. Node stops reading where answers are
 * not taken, but only after it has made requests of all that it has read, which may be thousands.
 */
export class Pipelines {
  readonly #waiting = new Map<Duplex, number>();
  #total = 0;

  /** Whether a request that has come behind another may wait; `cut` is for who goes on regardless. */
  admit(response: ServerResponse): 'admitted' | 'refused' | 'cut' {
    const { socket } = response.req;
    const here = this.#waiting.get(socket) ?? 0;
    const { pipelined, pipelinedInAll } = limits;
    if (here >= 2 * pipelined || this.#total >= 2 * pipelinedInAll) return 'cut';
    this.#total++;
    this.#waiting.set(socket, here + 1);
    response.once('close', () => this.#leave(socket));
    return here >= pipelined || this.#total > pipelinedInAll ? 'refused' : 'admitted';
  }

  #leave(socket: Duplex): void {
    this.#total--;
    const here = (this.#waiting.get(socket) ?? 1) - 1;
    if (here === 0) this.#waiting.delete(socket);
    else this.#waiting.set(socket, here);
  }
}
