import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { limits } from '../core/limits.ts';

/**
 * Requests that are answered before they have arrived whole. The rest is read and thrown away, up to a
 * bound, so that the client gets to read its answer; then the connection is cut.
 */
export class EarlyAnswers {
  /** The last such request of a connection: those before it have ended. */
  readonly #unfinished = new WeakMap<Duplex, IncomingMessage>();

  /** Called with the answer to a request that is not complete. */
  add(request: IncomingMessage): void {
    const { socket } = request;
    if (this.#unfinished.get(socket) === request) return;
    let bytes = 0;
    this.#unfinished.set(socket, request);
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limits.drainBytes) socket.destroy();
    });
    request.on('end', () => {
      if (this.#unfinished.get(socket) === request) this.#unfinished.delete(socket);
    });
  }

  /** True while the rest of an answered request is still arriving on the connection. */
  has(socket: Duplex): boolean {
    // One whose end is read, but not yet told, is no longer arriving.
    return this.#unfinished.get(socket)?.complete === false;
  }
}
