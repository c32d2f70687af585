import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '../core/clock.ts';
import type { LogWriter } from '../core/event-log.ts';
import { limits } from '../core/limits.ts';
import type { Logger } from '../core/logger.ts';
import type { Registry } from '../core/prometheus.ts';
import type { SnapshotHolder } from '../core/snapshot.ts';
import { AcceptedLog } from './accepted-log.ts';
import { Answers } from './answers.ts';
import { preflight } from './cors.ts';
import { EarlyAnswers } from './early-answers.ts';
import { Forwarder } from './forward.ts';
import { hostingRoutes } from './hosting-routes.ts';
import { InFlight } from './in-flight.ts';
import { IngestCounters } from './ingest-counters.ts';
import { Intake } from './intake.ts';
import { type KeyUse, KeyUseReport } from './key-use.ts';
import { Outage } from './outage.ts';
import type { Problem } from './problem.ts';
import { problems } from './problems.ts';
import { Routes } from './route.ts';
import { type Health, serviceRoutes } from './service-routes.ts';
import { SourceRegistry } from './source-registry.ts';
import { trackingRoutes } from './tracking-routes.ts';
import { answerWireError } from './wire-errors.ts';

export interface IngestDeps {
  readonly snapshot: SnapshotHolder;
  /** Writers of the log `accepted`, one a partition. */
  readonly writers: readonly LogWriter[];
  /** False while the disk has only its reserve left: requests are then answered 503. */
  readonly hasRoom: () => boolean;
  readonly clock: Clock;
  /** That many random bytes as hex digits. */
  readonly randomHex: (bytes: number) => string;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Told which write keys are used, each once a minute at most. */
  readonly keysUsed?: (uses: readonly KeyUse[]) => void;
  /** Requests a second of a source without a limit of its own; 0 is off. */
  readonly requestsPerSecond: number;
  /** Where clients reach this server; by default what their Host header says. */
  readonly publicUrl?: string | undefined;
  /** The control plane, to which every path that is not ingest's own is streamed. */
  readonly forward: { readonly socketPath: string };
  /** State for `/health`. */
  readonly health: () => Promise<Health>;
  /** A whole request must have arrived within this time, ms; default `limits.requestTimeoutMs`. */
  readonly requestTimeoutMs?: number;
  /** Bytes that half-received bodies may hold in all; default `limits.receivingBytes`. */
  readonly receivingBytes?: number;
  /** Text for `/metrics`. */
  readonly metricsText: () => Promise<string>;
}

export interface Ingest {
  /** Not listening yet. */
  readonly server: Server;
  /** Takes no more connections, finishes the requests in flight (at most `limits.ingestStopMs`), closes the rest. */
  close(): Promise<void>;
}

const anyMethod = 'GET, POST, OPTIONS';
const allowed = { GET: 'GET, HEAD, OPTIONS', POST: 'POST, OPTIONS' } as const;

/** The HTTP front of a node: the Tracking API, and the way to everything else. */
export function createIngest(deps: IngestDeps): Ingest {
  const { clock, logger, requestTimeoutMs = limits.requestTimeoutMs } = deps;
  const early = new EarlyAnswers();
  const answers = new Answers(clock, early);
  const inFlight = new InFlight();
  const sources = new SourceRegistry(deps.snapshot, deps.requestsPerSecond, clock);
  const keyUse = new KeyUseReport(clock, deps.keysUsed ?? (() => undefined));
  const counters = new IngestCounters(deps.registry, () => sources.sources);
  const forwarder = new Forwarder(deps.forward.socketPath, answers, inFlight);
  // Later paths (pixel, SegmentStream, OAuth, sourceConfig) are further tables here.
  const routes = new Routes([
    ...trackingRoutes({
      sources,
      keyUse,
      intake: new Intake(deps.receivingBytes),
      answers,
      counters,
      clock,
      logger,
      log: new AcceptedLog(deps.writers, deps.randomHex),
      outage: new Outage(logger),
      hasRoom: deps.hasRoom,
      randomHex: deps.randomHex,
    }),
    ...hostingRoutes({ sources, answers, logger, publicUrl: deps.publicUrl }),
    ...serviceRoutes({ answers, logger, health: deps.health, metricsText: deps.metricsText }),
  ]);

  function dispatch(request: IncomingMessage, response: ServerResponse): void {
    inFlight.add(response);
    const found = routes.find(request.url ?? '/');
    if (request.headers.host === undefined && request.httpVersion === '1.1') {
      answers.problem(response, problems.missingHost);
    } else if (found.kind === 'elsewhere') forwarder.forward(request, response);
    else if (found.kind === 'nothing') reject(request, response, problems.notFound, anyMethod);
    else {
      const { method, handle } = found.route;
      if (method === request.method || (method === 'GET' && request.method === 'HEAD')) {
        handle(request, response, found.match);
      } else reject(request, response, problems.method, allowed[method]);
    }
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

  const server = createServer(
    {
      keepAliveTimeout: limits.keepAliveMs,
      headersTimeout: requestTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(requestTimeoutMs, limits.timeoutCheckMs),
      maxHeaderSize: limits.headerBytes,
      // A request without Host is answered in our own shape.
      requireHostHeader: false,
    },
    onRequest,
  );
  server.on('checkContinue', (request, response) => {
    // Who asks before sending too much need not send it.
    const isTooLarge = Number(request.headers['content-length']) > sources.largestRequest;
    const isOurs = routes.find(request.url ?? '/').kind !== 'elsewhere';
    if (!isTooLarge || !isOurs) response.writeContinue();
    onRequest(request, response);
  });
  // Other expectations are ignored, as RFC 9110 §10.1.1 allows.
  server.on('checkExpectation', onRequest);
  server.on('clientError', (error, socket) => {
    const problem = answerWireError(error, socket, { inFlight, early, answers });
    if (problem !== undefined) counters.fail(problem.code);
  });

  return {
    server,
    async close() {
      answers.isClosing = true;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await Promise.race([inFlight.empty(), clock.sleep(limits.ingestStopMs)]);
      server.closeAllConnections();
      forwarder.close();
      sources.close();
      keyUse.close();
      await closed;
    },
  };
}
