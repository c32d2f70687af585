import {
  Agent,
  type IncomingMessage,
  request as openRequest,
  type ServerResponse,
} from 'node:http';
import { limits } from '../core/limits.ts';
import type { Answers } from './answers.ts';
import type { Clients } from './client/clients.ts';
import type { EarlyAnswers } from './early-answers.ts';
import type { InFlight } from './in-flight.ts';
import type { IngestCounters } from './ingest-counters.ts';
import { problem } from './problem.ts';
import { problems } from './problems.ts';

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
  // Trailers are not passed on.
  'trailer',
  'upgrade',
  'expect',
]);

/** What a client says of itself here, nobody has checked; the control plane gets our own word instead. */
const replaced = new Set([
  'host',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-real-ip',
]);

export interface ForwarderDeps {
  readonly answers: Answers;
  readonly inFlight: InFlight;
  readonly clients: Clients;
  readonly early: EarlyAnswers;
  readonly counters: IngestCounters;
}

/**
 * Streams whole exchanges to the control plane over its unix socket, both ways and without time limit; so many
 * at once, so that a crowd of clients does not take it down.
 */
export class Forwarder {
  readonly #socketPath: string;
  readonly #answers: Answers;
  readonly #inFlight: InFlight;
  readonly #clients: Clients;
  readonly #early: EarlyAnswers;
  readonly #counters: IngestCounters;
  readonly #agent = new Agent({ keepAlive: true });
  /** Event streams are not among them. */
  readonly #underWay = new Set<ServerResponse>();

  constructor(socketPath: string, { answers, inFlight, clients, early, counters }: ForwarderDeps) {
    this.#socketPath = socketPath;
    this.#inFlight = inFlight;
    this.#answers = answers;
    this.#clients = clients;
    this.#early = early;
    this.#counters = counters;
  }

  forward(request: IncomingMessage, response: ServerResponse): void {
    if (this.#underWay.size < limits.forwarded) this.#open(request, response);
    else {
      this.#counters.fail(problems.overloaded.code);
      this.#answers.problem(response, problems.overloaded);
    }
  }

  #open(request: IncomingMessage, response: ServerResponse): void {
    this.#underWay.add(response);
    const upstream = openRequest({
      socketPath: this.#socketPath,
      agent: this.#agent,
      method: request.method,
      path: request.url,
      headers: this.#headers(request),
    });
    let isComplete = false;
    upstream.on('response', (answer) => {
      if (answer.headers['content-type']?.startsWith('text/event-stream')) {
        this.#inFlight.ignore(response);
        this.#underWay.delete(response);
      }
      answer.on('end', () => {
        isComplete = true;
        // Answered early, the other side need not read what is left, and may not.
        if (!request.complete) upstream.destroy();
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
      this.#underWay.delete(response);
      if (!isComplete) upstream.destroy();
    });
    request.pipe(upstream);
    upstream.on('close', () => {
      if (request.complete) return;
      request.unpipe(upstream);
      this.#early.add(request);
      request.resume();
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #headers(request: IncomingMessage): string[] {
    const { pairs, host } = this.#clients.headers(request);
    return ['Host', host, ...endToEnd(request.rawHeaders, replaced), ...pairs];
  }
}

function isDown(error: Error): boolean {
  return 'code' in error && (error.code === 'ECONNREFUSED' || error.code === 'ENOENT');
}

/** Raw header pairs without those of this hop, and without `others`. */
function endToEnd(raw: readonly string[], others?: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const key = name.toLowerCase();
    if (!hopByHop.has(key) && others?.has(key) !== true) kept.push(name, raw[index + 1] ?? '');
  }
  return kept;
}
