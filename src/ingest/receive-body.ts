import type { IncomingMessage } from 'node:http';

const none = Buffer.alloc(0);

/**
 * Collects the body of a request, at most `most` bytes. Calls `done` once: with the body when it is
 * complete, or with undefined as soon as it is larger. An upload that breaks off calls nothing.
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
    if (size > most) return;
    size += chunk.length;
    if (size > most) {
      first = undefined;
      chunks = undefined;
      done(undefined);
    } else if (first === undefined) first = chunk;
    else if (chunks === undefined) chunks = [first, chunk];
    else chunks.push(chunk);
  });
  request.on('end', () => {
    if (size > most) return;
    done(chunks === undefined ? (first ?? none) : Buffer.concat(chunks, size));
  });
}
