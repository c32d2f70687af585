import {
  Agent,
  type IncomingMessage,
  request as openRequest,
  type ServerResponse,
} from 'node:http';
import type { Answers } from './answers.ts';
import type { InFlight } from './in-flight.ts';
import { problem } from './problem.ts';

const down = problem('unavailable', 'The control plane is not running', { retryAfter: 1 });
const broken = {
  ...problem('unavailable', 'The control plane broke the exchange off'),
  status: 502,
};

/** Headers that concern one hop only (RFC 9110 §7.6.1). */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'upgrade',
  'expect',
]);

/** Streams whole exchanges to the control plane over its unix socket, both ways and without time limit. */
export class Forwarder {
  readonly #socketPath: string;
  readonly #answers: Answers;
  readonly #inFlight: InFlight;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(socketPath: string, answers: Answers, inFlight: InFlight) {
    this.#socketPath = socketPath;
    this.#inFlight = inFlight;
    this.#answers = answers;
  }

  forward(request: IncomingMessage, response: ServerResponse): void {
    const upstream = openRequest({
      socketPath: this.#socketPath,
      agent: this.#agent,
      method: request.method,
      path: request.url,
      headers: forwardedHeaders(request),
    });
    let isComplete = false;
    upstream.on('response', (answer) => {
      if (answer.headers['content-type']?.startsWith('text/event-stream')) {
        this.#inFlight.ignore(response);
      }
      answer.on('end', () => {
        isComplete = true;
      });
      response.writeHead(answer.statusCode ?? 502, endToEnd(answer.rawHeaders));
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    upstream.on('error', (error) => {
      if (response.headersSent) response.destroy();
      else if (!response.destroyed) this.#answers.problem(response, isDown(error) ? down : broken);
    });
    // When the client leaves, nothing more is wanted of the other side; a complete exchange keeps its socket.
    response.on('close', () => {
      if (!isComplete) upstream.destroy();
    });
    request.pipe(upstream);
  }

  close(): void {
    this.#agent.destroy();
  }
}

function isDown(error: Error): boolean {
  return 'code' in error && (error.code === 'ECONNREFUSED' || error.code === 'ENOENT');
}

function forwardedHeaders(request: IncomingMessage): string[] {
  const headers = endToEnd(request.rawHeaders);
  const { remoteAddress } = request.socket;
  if (remoteAddress !== undefined) headers.push('X-Forwarded-For', remoteAddress);
  return headers;
}

/** Raw header pairs without those of this hop. */
function endToEnd(raw: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    if (!hopByHop.has(name.toLowerCase())) kept.push(name, raw[index + 1] ?? '');
  }
  return kept;
}
