import Fastify, { type FastifyInstance } from 'fastify';
import type { Clock } from '../core/clock.ts';
import type { DestinationKind } from '../core/destination.ts';
import type { DestinationProbe } from '../core/destination-probe.ts';
import type { LogEngine, LogName } from '../core/event-log.ts';
import type { Functions } from '../core/functions.ts';
import type { Http } from '../core/http.ts';
import type { Json } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import type { Logger } from '../core/logger.ts';
import type { Registry } from '../core/prometheus.ts';
import type { Redeliver } from '../core/redelivery.ts';
import type { SecretBox } from '../core/secret-box.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { StateStore } from '../core/state.ts';
import type { ControlTables } from '../core/tables/control-tables.ts';
import type { WorkTables } from '../core/tables/work-tables.ts';
import type { WarehouseTest } from '../core/warehouse.ts';
import type { AskWarehouse } from '../core/warehouse-engine.ts';
import { AuditRetention } from './access/audit-retention.ts';
import { checkSecretKey } from './access/check-secret-key.ts';
import type { AnswerStyle } from './access/principal.ts';
import { TokenGuard } from './access/token-guard.ts';
import { TokenUses } from './access/token-uses.ts';
import { AlertWatch } from './alerts/alert-watch.ts';
import { type BootstrapResult, bootstrap } from './bootstrap.ts';
import { createCatalog } from './catalog/catalog.ts';
import { configApi } from './config-api/frame/config-api.ts';
import { configOperations } from './config-api/operations.ts';
import { readSnapshot } from './configuration/build-snapshot.ts';
import { KeyUses } from './configuration/key-uses.ts';
import { modelSyncSweep } from './configuration/model-sync-sweep.ts';
import { replaySweep } from './configuration/replay-sweep.ts';
import { RevisionFollower } from './configuration/revision-follower.ts';
import { sealStoredSecrets } from './configuration/seal-stored-secrets.ts';
import { SnapshotPublisher } from './configuration/snapshot-publisher.ts';
import { countedRedeliver } from './discards/counted-redeliver.ts';
import type { Environment } from './environment.ts';
import type { RandomBytes } from './ids.ts';
import { pages } from './pages/pages.ts';
import { DeletionWatch } from './privacy/deletion-watch.ts';
import { answerError, answerUnknown, publicApi } from './public-api/frame/public-api.ts';
import { RateLimiter } from './public-api/frame/rate-limiter.ts';
import { requestMetrics } from './public-api/frame/request-metrics.ts';
import { Requests } from './public-api/frame/requests.ts';
import { operations } from './public-api/operations.ts';
import { lateCompilers, withoutCompilers } from './schemas/late-compilers.ts';
import { createTail } from './tail/create-tail.ts';

export interface ControlDeps {
  /** The `state` database, migrated and durable. Other nodes may write to it too, where the engine lets them. */
  readonly store: StateStore<ControlTables>;
  /** The `work` database, read only; undefined until the worker has made it. */
  work(): StateStore<WorkTables> | undefined;
  readonly definitions: readonly DestinationKind[];
  readonly logs: LogEngine;
  /** Called at the start and after each committed change, with growing versions. */
  publishSnapshot(snapshot: Snapshot): void;
  /** The sources somebody watches from now on. */
  watch(sources: readonly string[]): void;
  /** Seals the secrets of settings; the same key on every node that shares the store. */
  readonly secrets: SecretBox;
  /** Hands discards back to ingest of this node. Absent: none is sent again. */
  readonly redeliver?: Redeliver | undefined;
  /** Runs code that is tried. Absent: none is. */
  readonly functions?: Pick<Functions, 'invoke'> | undefined;
  /** Asks the vendors of destinations. Absent: none is asked. */
  readonly probe?: DestinationProbe | undefined;
  /** Absent: no warehouse is reached. */
  readonly testWarehouse?: WarehouseTest | undefined;
  /** As in `Environment`. */
  readonly syncEveryMs?: Environment['syncEveryMs'];
  /** Absent: nothing loads warehouses at this node. */
  readonly askWarehouse?: AskWarehouse | undefined;
  /** The way to the webhooks of alerts. Absent: no alert is measured. */
  readonly http?: Http | undefined;
  /** How answers are worded; `sdk` when absent. A token may say otherwise. */
  readonly answers?: AnswerStyle | undefined;
  readonly bootstrap: {
    readonly token?: string;
    readonly writeKey?: string;
    readonly hasWarehouse?: boolean;
  };
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Requests a minute and token of an operation that has no figure of its own; `limits.apiPerMinute` when absent. */
  readonly apiPerMinute?: number;
  /** False: no operation has a figure of its own. For tests. */
  readonly apiOwnRates?: boolean;
  /** Where clients reach this server; by default what their Host header says. */
  readonly publicUrl?: string | undefined;
  /** The port for events, where the API has one of its own. */
  readonly trackingPort?: number | undefined;
  /** The region that the deployment was given, if any. */
  readonly region?: string | undefined;
}

export interface Control {
  /** Ready; the app layer makes it listen. */
  readonly app: FastifyInstance;
  readonly bootstrapResult: BootstrapResult;
  /** The one published last. */
  snapshot(): Snapshot;
  /** To be called when another process says that the end of a log may have moved. */
  wake(log: LogName): void;
  /** To be called with what ingest says of its write keys, the message `keys.used`. */
  keysUsed(message: Json): void;
  /** Ends the live tails, answers what is in flight, then closes. The stores stay open: they are the caller's. */
  close(): Promise<void>;
}

/** The control plane: the APIs and the pages of a node. Rejects with `store_failed`. */
export async function createControl(deps: ControlDeps): Promise<Control> {
  const { store, clock, logger, random, registry, publicUrl, trackingPort } = deps;
  const catalog = createCatalog(deps.definitions);
  const bootstrapResult = await bootstrap({
    store,
    random,
    now: clock.now(),
    region: deps.region ?? null,
    ...deps.bootstrap,
  });
  await checkSecretKey(store, deps.secrets);
  await sealStoredSecrets(store.db, catalog, deps.secrets);
  const read = () => readSnapshot(store.db, catalog);
  const first = await read();
  const publisher = new SnapshotPublisher(first, deps.publishSnapshot);
  const tail = createTail({ logs: deps.logs, clock, logger, registry, watch: deps.watch });
  const environment: Environment = {
    db: store.db,
    work: deps.work,
    workspace: first.workspace,
    catalog,
    logs: deps.logs,
    tail,
    region: deps.region ?? null,
    secrets: deps.secrets,
    redeliver: deps.redeliver && countedRedeliver(deps.redeliver, registry),
    functions: deps.functions,
    probe: deps.probe,
    testWarehouse: deps.testWarehouse,
    syncEveryMs: deps.syncEveryMs,
    askWarehouse: deps.askWarehouse,
    answers: deps.answers ?? 'sdk',
    clock,
    random,
    logger,
  };
  const uses = new TokenUses(store.db, clock, logger);
  const requests = new Requests({
    environment,
    limiter: new RateLimiter(clock),
    guard: new TokenGuard(clock, registry),
    uses,
  });
  const keyUses = new KeyUses(store.db, logger);
  const alerts =
    deps.http && new AlertWatch({ environment, leases: store.leases, http: deps.http, registry });
  const deletions = new DeletionWatch(environment, store.leases);
  const publish = (snapshot: Snapshot) => {
    publisher.publish(snapshot);
    schedule(snapshot);
  };
  const current = () => publisher.current.version;
  const follower = new RevisionFollower({ current, read, publish, clock, logger });
  const sweepDeps = {
    ...{ environment, leases: store.leases },
    committed: (revision: number) => follower.committed(revision),
  };
  const sweeps = [replaySweep(sweepDeps), modelSyncSweep(sweepDeps)];
  const schedule = (snapshot: Snapshot) => {
    for (const sweep of sweeps) sweep.schedule(snapshot);
  };
  schedule(first);
  const unwatch = store.watchRevision((revision) => follower.heard(revision));
  const app = Fastify({
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1_024 },
    requestTimeout: limits.requestTimeoutMs,
    bodyLimit: limits.apiBodyBytes,
    frameworkErrors: (error, _request, reply) => {
      answerError(error, reply);
    },
    forceCloseConnections: 'idle',
    schemaController: withoutCompilers,
  });
  lateCompilers(app);
  // Fastify closes the connection behind a body it cannot read. Only ingest speaks to this server, and it
  // would meet the end of the connection before the answer.
  app.addHook('onSend', async (_request, reply) => {
    reply.removeHeader('connection');
  });
  requestMetrics(app, registry);
  const perMinute = deps.apiPerMinute ?? limits.apiPerMinute;
  const writes = {
    committed: (revision: number) => follower.committed(revision),
    auditRetention: new AuditRetention(),
  };
  await app.register(
    publicApi(operations, {
      environment,
      requests,
      perMinute,
      ownRates: deps.apiOwnRates ?? true,
      writes,
      apiUrl:
        publicUrl === undefined || trackingPort !== undefined ? undefined : `${publicUrl}/api`,
    }),
    { prefix: '/api' },
  );
  await app.register(
    configApi(configOperations, {
      environment,
      requests,
      perMinute: (deps.apiOwnRates ?? true) ? limits.configApiPerMinute : perMinute,
      writes,
    }),
    { prefix: '/v1beta' },
  );
  app.setNotFoundHandler(answerUnknown);
  await app.register(pages(operations, { publicUrl, trackingPort }));
  await app.ready();
  return {
    app,
    bootstrapResult,
    snapshot: () => publisher.current,
    wake: (log) => tail.wake(log),
    keysUsed: (message) => keyUses.take(message),
    close: async () => {
      unwatch();
      await follower.close();
      await alerts?.close();
      await deletions.close();
      for (const sweep of sweeps) await sweep.close();
      await tail.close();
      await keyUses.close();
      await uses.close();
      await app.close();
    },
  };
}
