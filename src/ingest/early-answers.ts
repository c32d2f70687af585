import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { limits } from '../core/limits.ts';

/**
 * Requests that are answered before they have arrived whole. The rest is read and thrown away, up to a
 * bound, so that the client gets to read its answer; then the connection is cut.
 */
export class EarlyAnswers {
  readonly #sockets = new WeakSet<Duplex>();

  /** Called with the answer to a request that is not complete. */
  add(request: IncomingMessage): void {
    const { socket } = request;
    let bytes = 0;
    this.#sockets.add(socket);
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limits.drainBytes) socket.destroy();
    });
    request.on('end', () => this.#sockets.delete(socket));
  }

  /** True while the rest of an answered request is still arriving on the connection. */
  has(socket: Duplex): boolean {
    return this.#sockets.has(socket);
  }
}
