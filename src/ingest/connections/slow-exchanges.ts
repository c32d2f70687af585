import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { limits } from '../../core/limits.ts';
import type { InFlight } from '../in-flight.ts';

interface Mark {
  /** Bytes that the client has read of all answers; undefined while its request arrives. */
  readonly taken: number | undefined;
  /** Monotonic ms at which that was seen first. */
  readonly since: number;
}

/**
 * Knows the exchanges that wait for their client: for the rest of its request, or for it to read. Looks
 * now and then rather than at each step, so that requests cost nothing for it.
 */
export class SlowExchanges {
  readonly #inFlight: InFlight;
  readonly #onUnread: (socket: Duplex) => void;
  #marks = new Map<ServerResponse, Mark>();

  /** `onUnread` is called with connections whose client has taken nothing for `limits.unreadMs`. */
  constructor(inFlight: InFlight, onUnread: (socket: Duplex) => void) {
    this.#inFlight = inFlight;
    this.#onUnread = onUnread;
  }

  /** Connections whose client has kept one exchange waiting since `until`, the longest first. */
  sockets(until: number): Duplex[] {
    return [...this.#marks]
      .filter(([{ closed }, { since }]) => !closed && since <= until)
      .sort(([, a], [, b]) => a.since - b.since)
      .map(([{ req }]) => req.socket);
  }

  /** Called now and then. */
  look(now: number): void {
    const before = this.#marks;
    this.#marks = new Map();
    for (const response of this.#inFlight) {
      const taken = takenOf(response);
      if (response.req.complete && taken === undefined) continue;
      const mark = before.get(response);
      const since = mark !== undefined && mark.taken === taken ? mark.since : now;
      this.#marks.set(response, { taken, since });
      const isUnread = taken !== undefined && now - since >= limits.unreadMs;
      if (isUnread) this.#onUnread(response.req.socket);
    }
  }
}

/** Bytes that the client has read where some wait for it. An answer behind another has no socket yet. */
function takenOf({ socket }: ServerResponse): number | undefined {
  if (socket === null || socket.writableLength === 0) return undefined;
  return socket.bytesWritten - socket.writableLength;
}
