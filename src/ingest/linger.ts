import type { Duplex } from 'node:stream';
import type { Clock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';

/**
 * Ends a connection on which the client may still be sending. Closed at once, the client's system would
 * throw the answer away that it has not read yet; so the rest is read and thrown away, up to a bound of
 * bytes and of time. Node's own time-outs no longer hold for such a connection.
 */
export function linger(socket: Duplex, clock: Clock, lastWords?: string): void {
  let bytes = 0;
  const cancel = clock.after(limits.lingerMs, () => socket.destroy());
  // Node would go on to look for requests in what arrives.
  socket.removeAllListeners('data');
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > limits.drainBytes) socket.destroy();
  });
  socket.on('error', () => undefined);
  socket.once('close', cancel);
  if (lastWords === undefined) socket.end();
  else socket.end(lastWords);
  socket.resume();
}
