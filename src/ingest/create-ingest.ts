import type { Server } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Clock } from '../core/clock.ts';
import type { Emit } from '../core/entrance.ts';
import type { LogWriter } from '../core/event-log.ts';
import { limits } from '../core/limits.ts';
import type { Logger } from '../core/logger.ts';
import type { Registry } from '../core/prometheus.ts';
import type { Redeliver } from '../core/redelivery.ts';
import { defaultRegion } from '../core/region.ts';
import type { SnapshotHolder } from '../core/snapshot.ts';
import { AcceptedLog } from './accepted-log.ts';
import { Answers } from './answers.ts';
import { type ClientOptions, Clients } from './client/clients.ts';
import { type ConnectionBounds, Connections } from './connections/connections.ts';
import { EarlyAnswers } from './early-answers.ts';
import { createEntrance } from './entrance.ts';
import { Forwarder } from './forward.ts';
import { functionRoutes } from './functions/function-routes.ts';
import { hostingRoutes } from './hosting-routes.ts';
import { createFront } from './http-front.ts';
import { InFlight } from './in-flight.ts';
import { Inflater } from './inflater.ts';
import { IngestCounters } from './ingest-counters.ts';
import { Intake } from './intake.ts';
import { type KeyUse, KeyUseReport } from './key-use.ts';
import { metricsAccess } from './metrics-access.ts';
import { AccessTokens } from './oauth/access-tokens.ts';
import { tokenRoute } from './oauth/token-route.ts';
import { type AssertionFile, UsedAssertions } from './oauth/used-assertions.ts';
import { bulkRoutes } from './objects/bulk-routes.ts';
import { setRoute } from './objects/set-route.ts';
import { openLog } from './open-log.ts';
import { Outage } from './outage.ts';
import { pixelRoutes } from './pixel/pixel-routes.ts';
import { problems } from './problems.ts';
import { createRedeliver } from './redelivery/create-redeliver.ts';
import { type Handler, type PathRoute, Routes } from './route.ts';
import { sourceConfigRoute } from './rudderstack/source-config-route.ts';
import { segmentstreamRoutes } from './segmentstream/segmentstream-routes.ts';
import { type Health, healthRoute, metricsRoute } from './service-routes.ts';
import { SourceRegistry } from './source-registry.ts';
import { type TlsCredentials, TlsFront } from './tls/tls-front.ts';
import type { Tracking } from './tracking-call.ts';
import { trackingRoutes } from './tracking-routes.ts';

export interface IngestDeps {
  readonly snapshot: SnapshotHolder;
  /** Writers of the log `accepted`, one a partition; none where this node takes no events. */
  readonly writers: readonly LogWriter[];
  /** Opens the writers where there are none, for what the server itself takes in; absent where it cannot. */
  readonly openWriters?: () => Promise<readonly LogWriter[]>;
  /** False while the disk has only its reserve left: requests are then answered 503. */
  readonly hasRoom: () => boolean;
  readonly clock: Clock;
  /** That many random bytes as hex digits. */
  readonly randomHex: (bytes: number) => string;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Told which write keys are used, each once a minute at most. */
  readonly keysUsed?: (uses: readonly KeyUse[]) => void;
  /** Where the used assertions of OAuth clients are kept; without it they are forgotten when ingest ends. */
  readonly assertionFile?: AssertionFile;
  /** Requests a second of a source without a limit of its own; 0 is off. */
  readonly requestsPerSecond: number;
  /** How clients reach this server, and which proxies stand between. */
  readonly clients?: ClientOptions;
  /** Connections of the main listener; without it they are not bounded. */
  readonly connections?: ConnectionBounds;
  /** Of a source marked with another region, no events are taken; default `us`. */
  readonly region?: string;
  /** The servers speak https. */
  readonly tls?: TlsCredentials | undefined;
  /** There is a second server, for all but the tracking and CDN paths; the first answers 404 to them. */
  readonly hasAdminServer?: boolean;
  /** Requests from this machine may read the metrics without a token. */
  readonly openMetrics?: boolean;
  /** The control plane, to which every path that is not ingest's own is streamed; undefined where this node does not serve it. */
  readonly forward: { readonly socketPath: string } | undefined;
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
  readonly server: Server | HttpsServer;
  /** The second one, where it was asked for. */
  readonly adminServer: Server | HttpsServer | undefined;
  /** Takes in what the server itself sends to a source. */
  readonly emit: Emit;
  /** Takes discards in again. */
  readonly redeliver: Redeliver;
  /** New connections get this certificate. */
  renewCertificate(credentials: TlsCredentials): void;
  /** Takes no more connections, finishes the requests in flight (at most `limits.ingestStopMs`), closes the rest. */
  close(): Promise<void>;
}

/** The HTTP front of a node: the Tracking API, and the way to everything else. */
export function createIngest(deps: IngestDeps): Ingest {
  const { clock, logger, requestTimeoutMs = limits.requestTimeoutMs } = deps;
  const early = new EarlyAnswers();
  const answers = new Answers(clock, early);
  const inFlight = new InFlight();
  const tls = deps.tls && new TlsFront(deps.tls, clock, answers, deps.registry);
  const clients = new Clients(deps.clients);
  const { region = defaultRegion } = deps;
  const sources = new SourceRegistry(deps.snapshot, deps.requestsPerSecond, clock, region);
  const keyUse = new KeyUseReport(clock, deps.keysUsed ?? (() => undefined));
  const counters = new IngestCounters(deps.registry, () => sources.sources);
  const connections =
    deps.connections &&
    new Connections(deps.connections, {
      ...{ answers, inFlight, counters, clock, registry: deps.registry },
      isProxy: (address) => clients.isProxy(address),
    });
  const forwarder =
    deps.forward &&
    new Forwarder(deps.forward.socketPath, {
      ...{ answers, inFlight, clients, early, counters },
    });
  const front = {
    ...{
      answers,
      inFlight,
      early,
      counters,
      sources,
      logger,
      clock,
      requestTimeoutMs,
      connections,
    },
    createServer: tls === undefined ? undefined : tls.createServer.bind(tls),
  };
  const service = {
    ...{ answers, logger, health: deps.health, metricsText: deps.metricsText },
    mayReadMetrics: metricsAccess(deps.snapshot, clients, deps.openMetrics ?? true),
  };
  const tokens = new AccessTokens(deps.snapshot, clock);
  const intake = new Intake(deps.receivingBytes);
  const used = new UsedAssertions(clock, deps.assertionFile);
  const elsewhere: Handler | undefined =
    forwarder && ((request, response) => forwarder.forward(request, response));
  const tracking: Tracking = {
    sources,
    keyUse,
    tokens,
    intake,
    inflater: new Inflater(),
    clients,
    counters,
    clock,
    logger,
    log: new AcceptedLog(deps.writers, deps.randomHex),
    outage: new Outage(logger),
    hasRoom: deps.hasRoom,
    randomHex: deps.randomHex,
  };
  const trackingPaths: readonly PathRoute[] = [
    ...trackingRoutes(tracking, answers),
    ...segmentstreamRoutes(tracking, answers),
    ...pixelRoutes(tracking),
    setRoute(tracking, answers),
    ...bulkRoutes(tracking, answers),
    ...functionRoutes(tracking, answers, deps),
    tokenRoute({ ...deps, answers, intake, clients, used }),
    sourceConfigRoute({ sources, snapshot: deps.snapshot, answers, clock }),
    ...hostingRoutes({ sources, snapshot: deps.snapshot, answers, clients, logger }),
  ];
  const takesEvents = deps.writers.length > 0;
  const clientPaths = [...(takesEvents ? trackingPaths : []), healthRoute(service)];
  const absent = takesEvents && forwarder ? problems.notFound : problems.otherRole;
  const adminPaths = [healthRoute(service), metricsRoute(service)];
  const server = createFront(
    deps.hasAdminServer === true
      ? { routes: new Routes(clientPaths), absent }
      : { routes: new Routes([...clientPaths, metricsRoute(service)]), elsewhere, absent },
    front,
  );
  connections?.guard(server, tls !== undefined);
  const adminServer =
    deps.hasAdminServer === true
      ? createFront({ routes: new Routes(adminPaths), elsewhere, absent }, front)
      : undefined;
  const servers = adminServer === undefined ? [server] : [server, adminServer];

  const accepted = openLog(tracking.log, deps.writers, deps.openWriters, deps.randomHex);

  return {
    server,
    adminServer,
    emit: createEntrance({ ...deps, sources, log: accepted, clock }),
    redeliver: createRedeliver({ sources, log: accepted, hasRoom: deps.hasRoom, clock }),
    renewCertificate: (credentials) => tls?.renew(credentials),
    async close() {
      answers.isClosing = true;
      const closed = servers.map((one) => new Promise((resolve) => one.close(resolve)));
      for (const one of servers) one.closeIdleConnections();
      await Promise.race([inFlight.empty(), clock.sleep(limits.ingestStopMs)]);
      for (const one of servers) one.closeAllConnections();
      tls?.close();
      connections?.close();
      forwarder?.close();
      sources.close();
      tokens.close();
      keyUse.close();
      await Promise.all(closed);
    },
  };
}
