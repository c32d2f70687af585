import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** The exchanges that are not over. */
export class InFlight {
  readonly #responses = new Set<ServerResponse>();
  /** Those that nobody waits for. */
  readonly #streams = new Set<ServerResponse>();
  #whenEmpty: (() => void) | undefined;
  readonly #forget: (this: ServerResponse) => void;

  constructor() {
    const forget = (response: ServerResponse) => this.#remove(response);
    // One function for all responses rather than a closure for each.
    this.#forget = function (this: ServerResponse) {
      forget(this);
    };
  }

  add(response: ServerResponse): void {
    this.#responses.add(response);
    response.on('close', this.#forget);
  }

  /** The exchanges of a connection whose answers have not left whole, oldest first. */
  on(socket: Duplex): ServerResponse[] {
    return [...this.#responses].filter(
      ({ req, writableFinished }) => req.socket === socket && !writableFinished,
    );
  }

  /** The exchanges that are waited for. */
  [Symbol.iterator](): Iterator<ServerResponse> {
    return this.#responses.values();
  }

  /** The connections with an exchange that is not over, an event stream too. */
  get sockets(): Set<Duplex> {
    const sockets = new Set<Duplex>();
    for (const { req } of this.#responses) sockets.add(req.socket);
    for (const { req } of this.#streams) sockets.add(req.socket);
    return sockets;
  }

  /** Ceases to wait for an exchange: an event stream, which ends only when a side leaves. */
  ignore(response: ServerResponse): void {
    this.#remove(response);
    if (!response.closed) this.#streams.add(response);
  }

  /** Resolves when every exchange is over. */
  empty(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenEmpty = resolve;
      this.#check();
    });
  }

  #remove(response: ServerResponse): void {
    if (!this.#responses.delete(response)) this.#streams.delete(response);
    if (this.#whenEmpty !== undefined) this.#check();
  }

  #check(): void {
    if (this.#responses.size === 0) this.#whenEmpty?.();
  }
}
