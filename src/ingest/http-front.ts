import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import type { Logger } from '../core/logger.ts';
import type { Answers } from './answers.ts';
import type { Connections } from './connections/connections.ts';
import { Pipelines } from './connections/pipelines.ts';
import { preflight } from './cors.ts';
import type { EarlyAnswers } from './early-answers.ts';
import type { InFlight } from './in-flight.ts';
import type { IngestCounters } from './ingest-counters.ts';
import type { Problem } from './problem.ts';
import { problems } from './problems.ts';
import type { Handler, Routes } from './route.ts';
import type { SourceRegistry } from './source-registry.ts';
import { answerConnect, answerWireError } from './wire-errors.ts';

/** What the listeners of a node share. */
export interface FrontDeps {
  readonly answers: Answers;
  readonly inFlight: InFlight;
  readonly early: EarlyAnswers;
  readonly counters: IngestCounters;
  readonly sources: SourceRegistry;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly requestTimeoutMs: number;
  readonly connections: Connections | undefined;
  /** Makes the server speak https. */
  readonly createServer?: ((options: ServerOptions) => HttpsServer) | undefined;
}

/** What one listener serves. */
export interface FrontPaths {
  readonly routes: Routes;
  /** Takes the paths that are none of ingest's; without it they are 404. */
  readonly elsewhere?: Handler | undefined;
  /** The answer to a path that nothing is at. */
  readonly absent: Problem;
}

const anyMethod = 'GET, POST, OPTIONS';
const allowed = { GET: 'GET, HEAD, OPTIONS', POST: 'POST, OPTIONS' } as const;
const none: readonly string[] = [];

/** One HTTP server before the routes; it does not listen yet. */
export function createFront(
  { routes, elsewhere, absent }: FrontPaths,
  deps: FrontDeps,
): Server | HttpsServer {
  const { answers, counters, inFlight, logger, sources, requestTimeoutMs } = deps;
  const pipelines = new Pipelines();

  function dispatch(request: IncomingMessage, response: ServerResponse): void {
    inFlight.add(response);
    // Behind another one on its connection a response has no socket yet.
    if (response.socket === null && !mayWait(response)) return;
    const found = routes.find(request.url ?? '/');
    if (request.headers.host === undefined && request.httpVersion === '1.1') {
      answers.problem(response, problems.missingHost);
    } else if (found.kind === 'elsewhere' && elsewhere !== undefined) {
      elsewhere(request, response, none);
    } else if (found.kind !== 'route') reject(request, response, absent, anyMethod);
    else {
      const { method, handle } = found.route;
      if (method === request.method || (method === 'GET' && request.method === 'HEAD')) {
        handle(request, response, found.match);
      } else reject(request, response, problems.method, allowed[method]);
    }
  }

  function cut(socket: Duplex): void {
    if (deps.connections === undefined) socket.destroy();
    else deps.connections.cut(socket, 'pipeline');
  }

  function mayWait(response: ServerResponse): boolean {
    const verdict = pipelines.admit(response);
    if (verdict === 'refused') {
      counters.fail(problems.overloaded.code);
      answers.problem(response, problems.overloaded);
    } else if (verdict === 'cut') cut(response.req.socket);
    return verdict === 'admitted';
  }

  function reject(
    request: IncomingMessage,
    response: ServerResponse,
    problem: Problem,
    methods: string,
  ): void {
    if (request.method === 'OPTIONS') preflight(request, response, methods, answers.standardRate);
    else {
      counters.fail(problem.code);
      answers.problem(response, problem, undefined, ['Allow', methods]);
    }
  }

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    try {
      dispatch(request, response);
    } catch (err) {
      logger.error({ err, url: request.url }, 'a request met a defect');
      if (!response.headersSent) answers.problem(response, problems.internal);
    }
  }

  const server = (deps.createServer ?? createHttpServer)({
    keepAliveTimeout: limits.keepAliveMs,
    headersTimeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(requestTimeoutMs, limits.timeoutCheckMs),
    maxHeaderSize: limits.headerBytes,
    // A request without Host is answered in our own shape.
    requireHostHeader: false,
  });
  server.on('request', onRequest);
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    // Who asks before sending too much need not send it.
    const isTooLarge = Number(request.headers['content-length']) > sources.largestRequest;
    const isOurs = routes.find(request.url ?? '/').kind !== 'elsewhere';
    if (!isTooLarge || !isOurs) response.writeContinue();
    onRequest(request, response);
  });
  // Other expectations are ignored, as RFC 9110 §10.1.1 allows.
  server.on('checkExpectation', onRequest);
  const exchanges = { ...deps, leaving: new WeakSet<Duplex>() };
  server.on('clientError', (error: Error, socket: Duplex | Socket) => {
    const problem = answerWireError(error, socket, exchanges);
    if (problem !== undefined) counters.fail(problem.code);
  });
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    const problem = answerConnect(socket, exchanges);
    if (problem !== undefined) counters.fail(problem.code);
  });
  return server;
}
