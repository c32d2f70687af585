import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../core/clock.ts';
import type { Answers } from './answers.ts';
import type { EarlyAnswers } from './early-answers.ts';
import type { InFlight } from './in-flight.ts';
import { linger } from './linger.ts';
import type { Problem } from './problem.ts';
import { problems } from './problems.ts';

/** What is going on on the connections. */
interface Exchanges {
  readonly inFlight: InFlight;
  readonly early: EarlyAnswers;
  readonly answers: Answers;
  readonly clock: Clock;
  /** Connections that are being ended: node may find the rest of what arrives broken again. */
  readonly leaving: WeakSet<Duplex>;
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
  exchanges: Exchanges,
): Problem | undefined {
  return endWith(socket, codeOf(error) === 'ECONNRESET' ? undefined : problemOf(error), exchanges);
}

/** The same for a request of which node makes nothing: CONNECT, as this is no proxy. */
export function answerConnect(socket: Duplex, exchanges: Exchanges): Problem | undefined {
  return endWith(socket, problems.method, exchanges);
}

function endWith(
  socket: Duplex,
  problem: Problem | undefined,
  { inFlight, early, answers, clock, leaving }: Exchanges,
): Problem | undefined {
  if (leaving.has(socket)) return undefined;
  leaving.add(socket);
  const waiting = inFlight.on(socket).findLast(({ req }) => req.complete);
  if (waiting !== undefined) {
    // Told to close by its header, node would do so at once, and the client not get to read.
    waiting.once('finish', () => linger(socket, clock));
    return undefined;
  }
  if (!socket.writable || early.has(socket) || problem === undefined) {
    socket.destroy();
    return undefined;
  }
  linger(socket, clock, rawAnswer(problem, answers.standardRate));
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
export function rawAnswer({ status, body, retryAfter }: Problem, rate: readonly string[]): string {
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headerLines(rate),
    ...(retryAfter === undefined ? [] : [`Retry-After: ${retryAfter}`]),
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

/** Header pairs as lines. */
function headerLines(pairs: readonly string[]): string[] {
  return pairs.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${pairs[index + 1]}`] : []));
}
