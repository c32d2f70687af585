import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Answers } from './answers.ts';
import type { EarlyAnswers } from './early-answers.ts';
import type { InFlight } from './in-flight.ts';
import type { Problem } from './problem.ts';
import { problems } from './problems.ts';

/** What is going on on the connections. */
interface Exchanges {
  readonly inFlight: InFlight;
  readonly early: EarlyAnswers;
  readonly answers: Answers;
}

/**
 * Answers what node could not make a request of: broken syntax, headers too large, too slow. Returns
 * the answer given, if any. Whole requests on the same connection that still wait for their flush keep
 * their answers: the connection is closed behind the last of them, and the broken rest gets none. So
 * does the rest of a request that was answered early.
 */
export function answerWireError(
  error: Error,
  socket: Duplex,
  { inFlight, early, answers }: Exchanges,
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
  socket.end(rawAnswer(problem, answers.standardRate));
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

/** A whole answer as it goes over the wire, for what never became a request. */
export function rawAnswer({ status, body }: Problem, rate: readonly string[]): string {
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headerLines(rate),
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

/** Header pairs as lines. */
function headerLines(pairs: readonly string[]): string[] {
  return pairs.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${pairs[index + 1]}`] : []));
}
