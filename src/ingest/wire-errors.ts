import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { InFlight } from './in-flight.ts';
import type { IngestCounters } from './ingest-counters.ts';
import type { Problem } from './problem.ts';
import { problems } from './problems.ts';

/**
 * Answers what node could not make a request of: broken syntax, headers too large, too slow. A whole
 * request on the same connection that still waits for its flush keeps its answer: the connection is
 * closed after it, and the broken rest gets none.
 */
export function handleWireError(
  error: Error,
  socket: Duplex,
  inFlight: InFlight,
  counters: IngestCounters,
): void {
  const waiting = inFlight.on(socket);
  if (waiting?.req.complete === true && !waiting.headersSent) {
    waiting.shouldKeepAlive = false;
    return;
  }
  if (!socket.writable || waiting?.headersSent === true || isGone(error)) {
    socket.destroy();
    return;
  }
  const problem = problemOf(error);
  counters.fail(problem.code);
  socket.end(rawAnswer(problem));
}

function problemOf(error: Error): Problem {
  switch (codeOf(error)) {
    case 'HPE_HEADER_OVERFLOW':
      return problems.headers;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return problems.timeout;
    default:
      return problems.malformedRequest;
  }
}

function isGone(error: Error): boolean {
  return codeOf(error) === 'ECONNRESET';
}

function codeOf(error: Error): unknown {
  return 'code' in error ? error.code : undefined;
}

function rawAnswer({ status, body }: Problem): string {
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
