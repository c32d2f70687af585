import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { EarlyAnswers } from './early-answers.ts';
import type { InFlight } from './in-flight.ts';
import type { Problem } from './problem.ts';
import { problems } from './problems.ts';

/**
 * Answers what node could not make a request of: broken syntax, headers too large, too slow. Returns
 * the answer given, if any. Whole requests on the same connection that still wait for their flush keep
 * their answers: the connection is closed behind the last of them, and the broken rest gets none. So
 * does the rest of a request that was answered early.
 */
export function answerWireError(
  error: Error,
  socket: Duplex,
  inFlight: InFlight,
  early: EarlyAnswers,
): Problem | undefined {
  const waiting = inFlight.on(socket).findLast(({ req }) => req.complete);
  if (waiting !== undefined) {
    waiting.shouldKeepAlive = false;
    return undefined;
  }
  if (!socket.writable || early.has(socket) || codeOf(error) === 'ECONNRESET') {
    socket.destroy();
    return undefined;
  }
  const problem = problemOf(error);
  socket.end(rawAnswer(problem));
  return problem;
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
