import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { LogEngine, LogWriter } from '../../core/event-log.ts';
import { isLoopback } from '../../core/loopback.ts';
import { createIngest } from '../../ingest/create-ingest.ts';
import { createAssertionFile } from '../node/assertion-file.ts';
import { CertificateFiles } from '../node/certificate-files.ts';
import { childrenOf } from '../node/children-of.ts';
import { connectionBounds } from '../node/connection-bounds.ts';
import { answerEmissions } from '../node/emission-channel.ts';
import { httpListen } from '../node/http-listen.ts';
import type { NodeContext } from '../node/node-context.ts';
import { openedOAuth } from '../node/opened-oauth.ts';
import { answerRedeliveries } from '../node/redelivery-channel.ts';
import type { RunningProcess } from '../node/running-process.ts';
import { readSecretBox } from '../node/secret-key.ts';
import { createSnapshotFile } from '../node/snapshot-file.ts';
import { throttledWake } from '../node/throttled-wake.ts';
import { controlSocket } from './control-socket.ts';
import { openLogs, reportRecovery } from './logs.ts';
import { createNodeHealth } from './node-health.ts';
import { createNodeMetrics } from './node-metrics.ts';

/** The process that owns the port: takes events in, passes everything else to the control process. */
export async function composeIngest(context: NodeContext): Promise<RunningProcess> {
  const { config, bus, clock, logger, registry } = context;
  const snapshotFile = createSnapshotFile(join(config.data, 'snapshot.json'), bus, logger);
  const engine = await openLogs(context);
  const writers = config.roles.includes('ingest') ? await openAccepted(engine, context) : [];
  const sealed = await snapshotFile.hold();
  const snapshot = openedOAuth(sealed, () => readSecretBox(config), logger);
  const node = createNodeHealth(bus, clock, childrenOf(config).length);
  const { adminPort, publicUrl, trustedProxies, proxyHeader } = config;
  const certificate = openCertificate(context);
  let late: readonly LogWriter[] = [];
  const ingest = createIngest({
    snapshot,
    writers,
    // Files have one writer, and it is not for this node to be that.
    ...(engine.outlivesNode && {
      openWriters: async () => {
        late = await openAccepted(engine, context);
        return late;
      },
    }),
    hasRoom: () => engine.hasRoom(),
    clock,
    randomHex: (bytes) => randomBytes(bytes).toString('hex'),
    logger,
    registry,
    keysUsed: (uses) => bus.publish('keys.used', uses),
    assertionFile: createAssertionFile(join(config.data, 'oauth-assertions')),
    requestsPerSecond: config.rateLimit,
    connections: connectionBounds(config, logger),
    clients: { trustedProxies, proxyHeader, publicUrl },
    ...(config.region === undefined ? {} : { region: config.region }),
    tls: certificate?.current,
    hasAdminServer: adminPort !== undefined,
    openMetrics: isLoopback(adminPort === undefined ? config.host : config.adminHost),
    forward: config.roles.includes('control') ? { socketPath: controlSocket(config) } : undefined,
    health: async () => ({
      ok: engine.hasRoom(),
      parts: {
        ingest: { state: engine.hasRoom() ? 'accepting' : 'disk_full' },
        ...(await node.details()),
        processes: node.processes(),
      },
    }),
    metricsText: createNodeMetrics(context, node.processes),
  });
  answerRedeliveries(bus, ingest.redeliver);
  answerEmissions(bus, ingest.emit);
  const port = await httpListen(ingest.server, config, clock);
  const admin =
    ingest.adminServer &&
    (await httpListen(ingest.adminServer, { host: config.adminHost, port: adminPort ?? 0 }, clock));
  certificate?.watch((pair) => ingest.renewCertificate(pair));
  logger.info({ host: config.host, port, ...(admin && { adminPort: admin }) }, 'accepting events');
  return {
    banner: { port, ...(admin && { adminPort: admin }) },
    health: () => ({ state: 'accepting' }),
    stop: async () => {
      certificate?.close();
      await ingest.close();
      await Promise.all([...writers, ...late].map((writer) => writer.close()));
      await engine.close();
    },
  };
}

function openCertificate({ config, ...deps }: NodeContext): CertificateFiles | undefined {
  const { tlsCert, tlsKey } = config;
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  return new CertificateFiles(tlsCert, tlsKey, deps);
}

/** Continues behind what `events` has seen of the log, even if the log itself was cut further back. */
function openAccepted(engine: LogEngine, context: NodeContext): Promise<LogWriter[]> {
  const onCommit = throttledWake(context.bus, context.clock, 'accepted');
  const open = async (partition: number): Promise<LogWriter> => {
    const derived = await engine.openReader('events', partition);
    const floor = await derived.mark();
    await derived.close();
    const opened = await engine.openWriter('accepted', partition, { floor, onCommit });
    reportRecovery(context.logger, 'accepted', opened.recovery);
    return opened.writer;
  };
  return Promise.all(Array.from({ length: engine.partitions }, (_, partition) => open(partition)));
}
