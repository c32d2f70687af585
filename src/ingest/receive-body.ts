import type { IncomingMessage } from 'node:http';
import { limits } from '../core/limits.ts';

const none = Buffer.alloc(0);

/**
 * Collects the body of a request, at most `most` bytes. Calls `done` once: with the body when it is
 * complete, or with undefined as soon as it is larger. The rest of a larger one is read and thrown
 * away, up to a bound, so that the client gets to read its answer; then the connection is cut. An
 * upload that breaks off calls nothing.
 */
export function receiveBody(
  request: IncomingMessage,
  most: number,
  done: (body: Buffer | undefined) => void,
): void {
  let first: Buffer | undefined;
  let chunks: Buffer[] | undefined;
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    const wasWithin = size <= most;
    size += chunk.length;
    if (size > most) {
      first = undefined;
      chunks = undefined;
      if (wasWithin) done(undefined);
      if (size > most + limits.drainBytes) request.socket.destroy();
    } else if (first === undefined) first = chunk;
    else if (chunks === undefined) chunks = [first, chunk];
    else chunks.push(chunk);
  });
  request.on('end', () => {
    if (size > most) return;
    done(chunks === undefined ? (first ?? none) : Buffer.concat(chunks, size));
  });
}
