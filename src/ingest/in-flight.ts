import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** The exchanges that are not over. */
export class InFlight {
  readonly #responses = new Set<ServerResponse>();
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

  /** Ceases to wait for an exchange: an event stream, which ends only when a side leaves. */
  ignore(response: ServerResponse): void {
    this.#remove(response);
  }

  /** Resolves when every exchange is over. */
  empty(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenEmpty = resolve;
      this.#check();
    });
  }

  #remove(response: ServerResponse): void {
    this.#responses.delete(response);
    if (this.#whenEmpty !== undefined) this.#check();
  }

  #check(): void {
    if (this.#responses.size === 0) this.#whenEmpty?.();
  }
}
